/* list.h - every command, once: `X(noun_verb)` stands for `const struct rt_cmd rt_cmd_noun_verb`.
 *
 * In the order of `help`: nouns, then the main line of work, then the rest.
 */
#define RT_CMD_LIST(X) \
	X(help) \
	X(apropos) \
	X(data_load) \
	X(data_list) \
	X(data_show) \
	X(data_split) \
	X(data_use) \
	X(data_drop) \
	X(model_new) \
	X(model_load) \
	X(model_save) \
	X(model_copy) \
	X(model_list) \
	X(model_show) \
	X(model_run) \
	X(model_graph) \
	X(model_diff) \
	X(model_drop) \
	X(weights_save) \
	X(weights_load) \
	X(zoo_list) \
	X(zoo_show) \
	X(train) \
	X(distill) \
	X(step) \
	X(undo) \
	X(redo) \
	X(pause) \
	X(checkpoint_save) \
	X(checkpoint_load) \
	X(evaluate) \
	X(compare) \
	X(explain) \
	X(plot_curves) \
	X(plot_xy) \
	X(prune) \
	X(quantize) \
	X(run_list) \
	X(run_show) \
	X(bench) \
	X(view) \
	X(sample) \
	X(look) \
	X(layout) \
	X(tui) \
	X(screen_save) \
	X(show_machine) \
	X(show_terminal) \
	X(show_history) \
	X(tutorial) \
	X(tutorial_list) \
	X(tutorial_next) \
	X(tutorial_back) \
	X(tutorial_hint) \
	X(tutorial_skip) \
	X(tutorial_stop) \
	X(tutorial_play) \
	X(report) \
	X(log) \
	X(log_stop) \
	X(quit) \
	X(exit)

/* Every other list of rows that help, apropos and completion know: `X(rt_ops)`. */
#define RT_TOPIC_LIST(X) \
	X(rt_data_builtins) \
	X(rt_layers) \
	X(rt_optimizers) \
	X(rt_schedules) \
	X(rt_methods) \
	X(rt_explainers) \
	X(rt_measures) \
	X(rt_scores) \
	X(rt_patterns) \
	X(rt_observers) \
	X(rt_panes) \
	X(rt_layouts) \
	X(rt_ops) \
	X(rt_dtypes) \
	X(rt_workloads)
