/* page.c - the step of the lesson under way, for panes that another thread draws. */
#include "config.h"

#include "base/mem.h"
#include "shell/lesson.h"
#include "shell/state.h"

#include <stdlib.h>

void rt_page_publish(struct rt_shell *sh, const struct lesson *l, int at)
{
	struct rt_lesson_page fresh = {0}, old;
	struct rt_str tries = {0};

	for (int i = 0; l && i < l->step[at].tries.n; i++)
		rt_str_addf(&tries, "%s\n", l->step[at].tries.v[i]);
	if (l)
		fresh = (struct rt_lesson_page){
			rt_sprintf("%s   step %d of %d: %s", l->title, at + 1, l->n,
				   l->step[at].title),
			rt_strdup(rt_str_text(&l->step[at].text)), rt_strdup(rt_str_text(&tries))};
	rt_str_release(&tries);
	pthread_mutex_lock(&sh->names.lock);
	old = sh->page;
	sh->page = fresh;
	pthread_mutex_unlock(&sh->names.lock);
	rt_lesson_page_release(&old);
}

bool rt_tutorial_page(struct rt_shell *sh, struct rt_lesson_page *page)
{
	*page = (struct rt_lesson_page){0};
	pthread_mutex_lock(&sh->names.lock);
	if (sh->page.title)
		*page = (struct rt_lesson_page){rt_strdup(sh->page.title),
						rt_strdup(sh->page.text),
						rt_strdup(sh->page.tries)};
	pthread_mutex_unlock(&sh->names.lock);
	return page->title != NULL;
}

void rt_lesson_page_release(struct rt_lesson_page *page)
{
	free(page->title);
	free(page->text);
	free(page->tries);
	*page = (struct rt_lesson_page){0};
}
