/* list.h - every command, once: `X(noun_verb)` stands for `const struct rt_cmd rt_cmd_noun_verb`.
 *
 * In the order of `help`: nouns, then the main line of work, then the rest.
 */
#define RT_CMD_LIST(X)                                                                             \
	X(help)                                                                                    \
	X(apropos)                                                                                 \
	X(log)                                                                                     \
	X(log_stop)                                                                                \
	X(quit)                                                                                    \
	X(exit)

/* Every other list of rows that help, apropos and completion know: `X(rt_ops)`. */
#define RT_TOPIC_LIST(X)
