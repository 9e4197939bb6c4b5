EXTRA_DIST += %D%/quickstart.sh %D%/quickstart.tcl %D%/temperature.tcl %D%/import.tcl %D%/sparse.tcl

# The data sets that come with the program; src/train/builtin.c has a row for each.
mnistdir = $(pkgdatadir)/data/mnist
dist_mnist_DATA = \
	%D%/data/mnist/SOURCE.md \
	%D%/data/mnist/t2k-images-idx3-ubyte.gz \
	%D%/data/mnist/t2k-labels-idx1-ubyte.gz \
	%D%/data/mnist/train-images-idx3-ubyte.gz \
	%D%/data/mnist/train-labels-idx1-ubyte.gz
digitsdir = $(pkgdatadir)/data/digits
dist_digits_DATA = \
	%D%/data/digits/SOURCE.md \
	%D%/data/digits/digits8x8.csv
breastcancerdir = $(pkgdatadir)/data/breast-cancer
dist_breastcancer_DATA = \
	%D%/data/breast-cancer/SOURCE.md \
	%D%/data/breast-cancer/breast_cancer_wdbc.csv
creditdir = $(pkgdatadir)/data/credit
dist_credit_DATA = \
	%D%/data/credit/SOURCE.md \
	%D%/data/credit/german_credit.csv \
	%D%/data/credit/schema.txt
bikerentalsdir = $(pkgdatadir)/data/bike-rentals
dist_bikerentals_DATA = \
	%D%/data/bike-rentals/SOURCE.md \
	%D%/data/bike-rentals/bike_rentals_daily.csv

# Ready-made architectures and small trained models.
zoodir = $(pkgdatadir)/zoo
dist_zoo_DATA = \
	%D%/zoo/ds_cnn.tcl \
	%D%/zoo/facenet.tcl \
	%D%/zoo/gcn.tcl \
	%D%/zoo/lenet.tcl \
	%D%/zoo/mlp.tcl \
	%D%/zoo/mobilenet.tcl \
	%D%/zoo/recommender.tcl \
	%D%/zoo/resnet.tcl \
	%D%/zoo/sequence.tcl \
	%D%/zoo/shufflenet.tcl \
	%D%/zoo/squeezenet.tcl \
	%D%/zoo/transformer.tcl \
	%D%/zoo/vgg.tcl \
	%D%/zoo/wide_resnet.tcl
modelsdir = $(pkgdatadir)/models
dist_models_DATA = \
	%D%/models/SOURCE.md \
	%D%/models/electricity_lstm.onnx \
	%D%/models/fashion_resnet.onnx \
	%D%/models/mnist_cnn.onnx \
	%D%/models/mnist_mlp.onnx \
	%D%/models/wdbc_mlp.onnx

mnistcnndir = $(pkgdatadir)/models/mnist_cnn
dist_mnistcnn_DATA = \
	%D%/models/mnist_cnn/input.npy \
	%D%/models/mnist_cnn/output.npy

# Lessons of the tutorial.
lessonsdir = $(pkgdatadir)/lessons
dist_lessons_DATA = \
	%D%/lessons/README \
	%D%/lessons/peaches2.csv \
	%D%/lessons/peaches3.csv \
	%D%/lessons/1-first.txt \
	%D%/lessons/2-temperature.txt \
	%D%/lessons/3-control.txt \
	%D%/lessons/4-looking.txt \
	%D%/lessons/5-pruning.txt \
	%D%/lessons/6-quantization.txt \
	%D%/lessons/7-classmap.txt \
	%D%/lessons/8-experiment.txt
