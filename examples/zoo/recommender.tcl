# Recommenders.  A sample is two numbers, a user and an item, counted from 0: the first two columns
# of a table that is loaded with -standardize no.
proc pair {} {
	return "block side {which count dim} {select \$which; embedding \$count \$dim}
		cast i64; tap pair\n"
}

# Y. Koren, R. Bell, C. Volinsky, Matrix factorization techniques for recommender systems, IEEE
# Computer 42 (2009), eq. 4: rating = <p_user, q_item> + b_user + b_item; the mean of all ratings
# is left to the biases.  (users + items) (dim + 1) parameters; the defaults are the sizes of
# MovieLens 100K.
zoo matrix_factorization "rating of a user for an item: product of their vectors, and biases" {
	users 943 items 1682 dim 32 input 2
} {
	return "[pair]
		branch {side 0 $users $dim} {from pair; side 1 $items $dim} -join mul
		sum; reshape 1; tap taste
		branch {} {from pair; side 0 $users 1} {from pair; side 1 $items 1} -join add"
}

# P. Covington, J. Adams, E. Sargin, Deep neural networks for YouTube recommendations, RecSys 2016;
# X. Yi et al., Sampling-bias-corrected neural modeling for large corpus item recommendations,
# RecSys 2019: users and items go through dense networks of their own; the score is the cosine of
# the two ends divided by a temperature.
zoo two_tower "score of a user for an item: cosine of the ends of two networks" {
	users 943 items 1682 dim 32 hidden {64 32} temperature 0.1 input 2
} {
	set tower ""
	foreach units $hidden {
		append tower "; relu; dense $units"
	}
	append tower "; l2norm"
	return "[pair]
		branch {side 0 $users $dim$tower} {from pair; side 1 $items $dim$tower} -join mul
		sum; mul [expr {1.0 / $temperature}]; reshape 1"
}
