# Transformers: A. Vaswani et al., Attention is all you need, NeurIPS 2017 (arXiv:1706.03762).
# Samples are sequences of whole numbers (words); for encoder also of T steps of C measurements.

proc heads_fit {hidden heads} {
	if {$hidden % $heads} {
		error "$heads heads do not divide $hidden features"
	}
}

# One layer, normalized after the sum as in the paper and in BERT.
proc encoder_layers {layers hidden heads ffn dropout epsilon} {
	heads_fit $hidden $heads
	set drop [expr {$dropout > 0 ? "; dropout $dropout" : ""}]
	return "repeat $layers {
		residual {attention $heads$drop}; ln -epsilon $epsilon
		residual {linear $ffn; gelu; linear $hidden$drop}; ln -epsilon $epsilon
	}\n"
}

zoo encoder "transformer encoder; the first place decides" {
	vocab 5000 hidden 128 layers 2 heads 2 ffn 512 dropout 0 classes 4 input 64
} {
	if {[llength $input] == 1} {
		set text "embedding $vocab $hidden\n"
	} else {
		set text "[as_steps $input]linear $hidden\n"
	}
	append text "position\n" [encoder_layers $layers $hidden $heads $ffn $dropout 1e-5]
	return "${text}select 0; dense $classes"
}

# J. Devlin et al., BERT: pre-training of deep bidirectional transformers for language
# understanding, NAACL 2019 (arXiv:1810.04805).  X. Jiao et al., TinyBERT: distilling BERT for
# natural language understanding, EMNLP 2020 (arXiv:1909.10351).  V. Sanh et al., DistilBERT
# (arXiv:1910.01108). segments 2 adds a second input that tells the sentences of a pair apart; 0
# leaves it out. bert with 2 classes 109,483,778 parameters, distilbert 66,955,010, tinybert
# 14,350,874.
proc bert {vocab positions segments hidden layers heads ffn dropout classes input} {
	set text "input words -type i64; embedding $vocab $hidden -name words_table\n"
	if {$segments > 0} {
		append text "branch {} {input segments $input -type i64; " \
			"embedding $segments $hidden} -join add\n"
	}
	append text "position $positions; ln -epsilon 1e-12\n"
	if {$dropout > 0} {
		append text "dropout $dropout\n"
	}
	append text [encoder_layers $layers $hidden $heads $ffn $dropout 1e-12]
	return "${text}select 0; dense $hidden -name pooler; tanh; dense $classes"
}

foreach {name summary segments layers hidden ffn} {
	bert "BERT base" 2 12 768 3072
	distilbert "DistilBERT" 0 6 768 3072
	tinybert "TinyBERT of four layers" 2 4 312 1200
} {
	zoo $name "$summary: transformer encoder for text" \
		"vocab 30522 positions 512 segments $segments hidden $hidden layers $layers heads 12
		 ffn $ffn dropout 0.1 classes 2 input 128" {
		return [bert $vocab $positions $segments $hidden $layers $heads $ffn $dropout \
			$classes $input]
	}
}

# A. Radford et al., Language models are unsupervised multitask learners (GPT-2, 2019), section
# 2.3: normalized before each part, no place looks ahead, the scores of the words are products with
# their own embeddings.  gpt2 124,439,808 parameters.
zoo gpt2 "transformer decoder: a score for every next word" {
	vocab 50257 positions 1024 hidden 768 layers 12 heads 12 ffn 3072 dropout 0.1 input 128
} {
	heads_fit $hidden $heads
	set drop [expr {$dropout > 0 ? "; dropout $dropout" : ""}]
	return "embedding $vocab $hidden -name words; position $positions$drop
		repeat $layers {
			residual {ln; attention $heads -causal yes$drop}
			residual {ln; linear $ffn; gelu; linear $hidden$drop}
		}
		ln; unembed words"
}
