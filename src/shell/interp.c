/* interp.c - the Tcl interpreter: commands in C, one command at a time, and a way to stop it. */
#include "config.h"

#include "shell/interp.h"

#include "base/mem.h"
#include "base/sys.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <tcl.h>

#ifndef TCL_SIZE_MAX
typedef int Tcl_Size;
#endif

enum { POLL_MS = 20 };

struct rt_interp {
	Tcl_Interp *tcl;
	bool direct;		/* the next command of ours stands alone at top level */
	bool stopping;		/* unwinding to the top level */
	int depth;		/* steps within steps */
	struct rt_script *script; /* for on_step() */
	int code;		/* what its command returned */
	rt_resolve_fn resolve;
	void *resolve_closure;
	rt_listen_fn listen;
	void *listen_closure;
	Tcl_CmdInfo puts;	/* Tcl's own */
};

struct binding {
	struct rt_interp *in;
	rt_tcl_fn fn;
	void *closure;
};

/* Stopping: a time limit that is moved forward as long as nobody asks to stop.  An exceeded limit
 * is the one error that neither `catch` nor `try` sees, and unlike Tcl_CancelEval() with
 * TCL_CANCEL_UNWIND it leaves nothing behind: setting a new limit clears it. */

static void arm(struct rt_interp *in)
{
	Tcl_Time t;

	Tcl_GetTime(&t);
	t.usec += POLL_MS * 1000;
	t.sec += t.usec / 1000000;
	t.usec %= 1000000;
	Tcl_LimitSetTime(in->tcl, &t);
}

static void on_limit(ClientData closure, Tcl_Interp *tcl)
{
	struct rt_interp *in = closure;

	(void)tcl;
	if (rt_cancelled())
		in->stopping = true;
	if (!in->stopping)
		arm(in);
}

void rt_interp_stop(struct rt_interp *in)
{
	Tcl_Time past = {0, 0};

	in->stopping = true;
	Tcl_LimitSetGranularity(in->tcl, TCL_LIMIT_TIME, 1);
	Tcl_LimitSetTime(in->tcl, &past);
	Tcl_LimitCheck(in->tcl);
}

static void enter(struct rt_interp *in)
{
	if (in->depth++ > 0)
		return;
	in->stopping = false;
	Tcl_LimitSetGranularity(in->tcl, TCL_LIMIT_TIME, 10);
	arm(in);
	Tcl_ResetResult(in->tcl);
}

static void leave(struct rt_interp *in)
{
	in->depth--;
	in->direct = false;
}

/* Steps run inside a command of a script: at its outermost level Tcl turns `return` into success,
 * so that a script could not end with it, and switch (in 8.6) demands a script around it. */
static const char step_command[] = "::tcl::retort_step";
static int on_step(ClientData closure, Tcl_Interp *tcl, int objc, Tcl_Obj *const objv[]);

/* Tcl sends \r\n to a terminal, which adds a \r of its own. */
static void plain_newlines(int which)
{
	Tcl_Channel channel = Tcl_GetStdChannel(which);

	if (channel)
		Tcl_SetChannelOption(NULL, channel, "-translation", "lf");
}

struct rt_interp *rt_interp_new(bool safe)
{
	static bool started;
	struct rt_interp *in = rt_alloc(1, sizeof(*in));

	if (!started) {
		/* Files, arguments and names are bytes to us: the same in every locale. */
		Tcl_FindExecutable(NULL);
		Tcl_SetSystemEncoding(NULL, "utf-8");
		plain_newlines(TCL_STDOUT);
		plain_newlines(TCL_STDERR);
		started = true;
	}
	in->tcl = Tcl_CreateInterp();
	if (safe)
		Tcl_MakeSafe(in->tcl);
	else if (Tcl_Init(in->tcl) != TCL_OK)
		Tcl_ResetResult(in->tcl);	/* only conveniences live in Tcl's library */
	Tcl_CreateObjCommand(in->tcl, step_command, on_step, in, NULL);
	Tcl_LimitTypeSet(in->tcl, TCL_LIMIT_TIME);
	Tcl_LimitAddHandler(in->tcl, TCL_LIMIT_TIME, on_limit, in, NULL);
	return in;
}

void rt_interp_free(struct rt_interp *in)
{
	if (!in)
		return;
	Tcl_LimitTypeReset(in->tcl, TCL_LIMIT_TIME);
	Tcl_DeleteInterp(in->tcl);
	free(in);
}

static Tcl_Obj *object(const struct rt_val *v)
{
	Tcl_Obj *obj;

	switch (v ? v->kind : RT_VAL_NONE) {
	case RT_VAL_BOOL:
		return Tcl_NewBooleanObj(v->i != 0);
	case RT_VAL_INT:
		return Tcl_NewWideIntObj(v->i);
	case RT_VAL_REAL:
		return Tcl_NewDoubleObj(v->r);
	case RT_VAL_STRING:
		return Tcl_NewStringObj(v->s, -1);
	case RT_VAL_LIST:
		obj = Tcl_NewListObj(0, NULL);
		for (int i = 0; i < v->n; i++)
			Tcl_ListObjAppendElement(NULL, obj, object(v->item[i]));
		return obj;
	case RT_VAL_DICT:
		obj = Tcl_NewDictObj();
		for (int i = 0; i < v->n; i++)
			Tcl_DictObjPut(NULL, obj, Tcl_NewStringObj(v->key[i], -1),
				       object(v->item[i]));
		return obj;
	case RT_VAL_NONE:
		break;
	}
	return Tcl_NewObj();
}

void rt_interp_text(const struct rt_val *v, struct rt_str *out)
{
	Tcl_Obj *obj = object(v);

	Tcl_IncrRefCount(obj);
	rt_str_add(out, Tcl_GetString(obj));
	Tcl_DecrRefCount(obj);
}

/* Tcl knows comments only where a command begins; a word # ends our commands too, as expected. */
static int without_comment(int objc, Tcl_Obj *const objv[])
{
	int n = 1;

	while (n < objc && strcmp(Tcl_GetString(objv[n]), "#") != 0)
		n++;
	return n;
}

static int on_call(ClientData closure, Tcl_Interp *tcl, int objc, Tcl_Obj *const objv[])
{
	struct binding *b = closure;
	struct rt_interp *in = b->in;
	int n = without_comment(objc, objv);
	const char **argv = rt_alloc((size_t)n, sizeof(*argv));
	Tcl_Obj *words = Tcl_NewListObj(n, objv);
	struct rt_tcl_call call = {.n = n, .argv = argv, .direct = in->direct};
	struct rt_val *value = NULL;
	struct rt_err err = {0};
	enum rt_status status;

	in->direct = false;
	Tcl_IncrRefCount(words);
	for (int i = 0; i < n; i++)
		argv[i] = Tcl_GetString(objv[i]);
	call.line = Tcl_GetString(words);
	status = b->fn(b->closure, &call, &value, &err);
	if (status == RT_OK) {
		Tcl_SetObjResult(tcl, object(value));
	} else if (status == RT_ECANCELLED) {
		rt_interp_stop(in);
	} else {
		Tcl_SetObjResult(tcl, Tcl_NewStringObj(err.msg, -1));
		Tcl_SetErrorCode(tcl, "RETORT", (char *)NULL);
	}
	rt_val_free(value);
	Tcl_DecrRefCount(words);
	free(argv);
	return status == RT_OK ? TCL_OK : TCL_ERROR;
}

static void on_delete(ClientData closure)
{
	free(closure);
}

void rt_interp_define(struct rt_interp *in, const char *name, rt_tcl_fn fn, void *closure)
{
	struct binding *b = rt_alloc(1, sizeof(*b));

	*b = (struct binding){in, fn, closure};
	Tcl_CreateObjCommand(in->tcl, name, on_call, b, on_delete);
}

void rt_interp_resolver(struct rt_interp *in, rt_resolve_fn fn, void *closure)
{
	in->resolve = fn;
	in->resolve_closure = closure;
}

/* puts ?-nonewline? ?stdout? text */
static int on_puts(ClientData closure, Tcl_Interp *tcl, int objc, Tcl_Obj *const objv[])
{
	struct rt_interp *in = closure;
	bool bare = objc > 2 && strcmp(Tcl_GetString(objv[1]), "-nonewline") == 0;
	int words = objc - bare;

	if (words == 2 || (words == 3 && strcmp(Tcl_GetString(objv[objc - 2]), "stdout") == 0))
		in->listen(in->listen_closure, Tcl_GetString(objv[objc - 1]), !bare);
	return in->puts.objProc(in->puts.objClientData, tcl, objc, objv);
}

void rt_interp_listen(struct rt_interp *in, rt_listen_fn fn, void *closure)
{
	if (!Tcl_GetCommandInfo(in->tcl, "puts", &in->puts))
		return;
	in->listen = fn;
	in->listen_closure = closure;
	Tcl_CreateObjCommand(in->tcl, "puts", on_puts, in, NULL);
}

bool rt_interp_knows(struct rt_interp *in, const char *name)
{
	Tcl_CmdInfo info;

	return Tcl_GetCommandInfo(in->tcl, name, &info) != 0;
}

enum rt_status rt_interp_split(const char *list, struct rt_strings *out, struct rt_err *err)
{
	Tcl_Obj *obj = Tcl_NewStringObj(list, -1), **item;
	Tcl_Size n = 0;
	enum rt_status status = RT_OK;

	Tcl_IncrRefCount(obj);
	if (Tcl_ListObjGetElements(NULL, obj, &n, &item) != TCL_OK)
		status = rt_fail(err, RT_EINVAL, "not a list: braces or quotes do not match");
	for (Tcl_Size i = 0; status == RT_OK && i < n; i++)
		rt_strings_add(out, Tcl_GetString(item[i]));
	Tcl_DecrRefCount(obj);
	return status;
}

static void add_words(struct rt_interp *in, const char *script, struct rt_strings *out)
{
	struct rt_err err;

	if (Tcl_EvalEx(in->tcl, script, -1, TCL_EVAL_GLOBAL) == TCL_OK)
		rt_interp_split(Tcl_GetStringResult(in->tcl), out, &err);
	Tcl_ResetResult(in->tcl);
}

void rt_interp_names(struct rt_interp *in, struct rt_strings *out)
{
	add_words(in, "::info commands", out);
}

void rt_interp_globals(struct rt_interp *in, struct rt_strings *out)
{
	add_words(in, "::info globals", out);
}

void rt_interp_rename(struct rt_interp *in, const char *from, const char *to)
{
	const char *const words[] = {"::rename", from, to};
	struct rt_val *none = NULL;
	struct rt_err err;
	enum rt_status status = rt_interp_call(in, 3, words, &none, &err);

	RT_ASSERT(status == RT_OK);
	rt_val_free(none);
}

void rt_interp_set(struct rt_interp *in, const char *name, const char *text)
{
	Tcl_SetVar2(in->tcl, name, NULL, text, TCL_GLOBAL_ONLY);
}

static Tcl_Obj *list_of(int n, const char *const *words)
{
	Tcl_Obj *list = Tcl_NewListObj(0, NULL);

	for (int i = 0; i < n; i++)
		Tcl_ListObjAppendElement(NULL, list, Tcl_NewStringObj(words[i], -1));
	return list;
}

void rt_interp_set_list(struct rt_interp *in, const char *name, int n, const char *const *words)
{
	Tcl_SetVar2Ex(in->tcl, name, NULL, list_of(n, words), TCL_GLOBAL_ONLY);
}

/* Turns what Tcl returned into a status. */
static enum rt_status outcome(struct rt_interp *in, int code, struct rt_err *err)
{
	/* a program that `exec` waited for may have died of the same Ctrl-C */
	if (in->stopping || (code == TCL_ERROR && rt_cancelled()))
		return rt_fail(err, RT_ECANCELLED, "cancelled");
	switch (code) {
	case TCL_OK:
	case TCL_RETURN:
		return RT_OK;
	case TCL_ERROR:
		return rt_fail(err, RT_EINVAL, "%s", Tcl_GetStringResult(in->tcl));
	case TCL_BREAK:
	case TCL_CONTINUE:
		return rt_fail(err, RT_EINVAL, "\"%s\" outside of a loop",
			       code == TCL_BREAK ? "break" : "continue");
	default:
		return rt_fail(err, RT_EINVAL, "returned the unknown code %d", code);
	}
}

static enum rt_status call_list(struct rt_interp *in, Tcl_Obj *list, struct rt_err *err)
{
	int code;

	Tcl_IncrRefCount(list);
	enter(in);
	code = Tcl_EvalObjEx(in->tcl, list, TCL_EVAL_DIRECT);
	leave(in);
	Tcl_DecrRefCount(list);
	return outcome(in, code, err);
}

enum rt_status rt_interp_call(struct rt_interp *in, int n, const char *const *words,
			      struct rt_val **out, struct rt_err *err)
{
	RT_TRY(call_list(in, list_of(n, words), err));
	*out = rt_val_string(Tcl_GetStringResult(in->tcl));
	return RT_OK;
}

enum rt_status rt_interp_apply(struct rt_interp *in, int n, const char *const *names,
			       const char *const *values, const char *body, char **out,
			       struct rt_err *err)
{
	Tcl_Obj *lambda[] = {list_of(n, names), Tcl_NewStringObj(body, -1)};
	Tcl_Obj *words = Tcl_NewListObj(0, NULL);

	Tcl_ListObjAppendElement(NULL, words, Tcl_NewStringObj("::apply", -1));
	Tcl_ListObjAppendElement(NULL, words, Tcl_NewListObj(2, lambda));
	for (int i = 0; i < n; i++)
		Tcl_ListObjAppendElement(NULL, words, Tcl_NewStringObj(values[i], -1));
	RT_TRY(call_list(in, words, err));
	*out = rt_strdup(Tcl_GetStringResult(in->tcl));
	return RT_OK;
}

/* Substitutes the words of a parsed command into a new list; NULL when a substitution fails. */
static Tcl_Obj *substitute(Tcl_Interp *tcl, const Tcl_Parse *parse, int *code)
{
	Tcl_Obj *words = Tcl_NewListObj(0, NULL);
	const Tcl_Token *t = parse->tokenPtr;

	Tcl_IncrRefCount(words);
	*code = TCL_OK;
	for (int i = 0; i < parse->numWords && *code == TCL_OK; i++) {
		*code = Tcl_EvalTokensStandard(tcl, (Tcl_Token *)t + 1, t->numComponents);
		if (*code == TCL_OK && t->type == TCL_TOKEN_EXPAND_WORD)
			*code = Tcl_ListObjAppendList(tcl, words, Tcl_GetObjResult(tcl));
		else if (*code == TCL_OK)
			Tcl_ListObjAppendElement(NULL, words, Tcl_GetObjResult(tcl));
		t += t->numComponents + 1;
	}
	if (*code == TCL_OK)
		return words;
	Tcl_DecrRefCount(words);
	return NULL;
}

/* True when the word names one of our commands; a short form the resolver knows is replaced. */
static bool is_ours(struct rt_interp *in, Tcl_Obj *words)
{
	Tcl_Obj *name;
	Tcl_CmdInfo info;
	const char *full;

	if (Tcl_ListObjIndex(NULL, words, 0, &name) != TCL_OK || !name)
		return false;
	if (!Tcl_GetCommandInfo(in->tcl, Tcl_GetString(name), &info)) {
		full = in->resolve ? in->resolve(in->resolve_closure, Tcl_GetString(name)) : NULL;
		if (!full || !Tcl_GetCommandInfo(in->tcl, full, &info))
			return false;
		name = Tcl_NewStringObj(full, -1);
		Tcl_ListObjReplace(NULL, words, 0, 1, 1, &name);
	}
	return info.isNativeObjectProc && info.objProc == on_call;
}

static int evaluate(struct rt_interp *in, const Tcl_Parse *parse, bool *ours)
{
	int code;
	Tcl_Obj *words = substitute(in->tcl, parse, &code), **objv;
	Tcl_Size objc;

	*ours = false;
	if (!words)
		return code;
	*ours = in->direct = is_ours(in, words);
	Tcl_ResetResult(in->tcl);
	Tcl_ListObjGetElements(NULL, words, &objc, &objv);
	if (objc > 0)
		code = Tcl_EvalObjv(in->tcl, objc, objv, TCL_EVAL_GLOBAL);
	Tcl_DecrRefCount(words);
	return code;
}

static int count_lines(const char *from, const char *to)
{
	int n = 0;

	for (; from < to; from++)
		n += *from == '\n';
	return n;
}

/* The command without its terminator and trailing blanks. */
static size_t trimmed(const char *text, size_t len)
{
	while (len > 0 && strchr(" \t\n;", text[len - 1]))
		len--;
	return len;
}

/* Tcl skips comments and blanks before it fails to parse, but does not say how much. */
static void give_up(struct rt_script *s)
{
	const char *start = s->text + s->at;
	size_t skip = strspn(start, " \t\n");

	s->from = s->at + skip;
	s->from_line = s->line + count_lines(start, start + skip);
	s->len = strlen(start + skip);
	s->at += strlen(start);
}

static void advance(struct rt_script *s, const Tcl_Parse *parse)
{
	const char *start = s->text + s->at;

	s->from = (size_t)(parse->commandStart - s->text);
	s->from_line = s->line + count_lines(start, parse->commandStart);
	s->len = trimmed(parse->commandStart, (size_t)parse->commandSize);
	s->at = s->from + (size_t)parse->commandSize;
	s->line = s->from_line + count_lines(s->text + s->from, s->text + s->at);
}

static int on_step(ClientData closure, Tcl_Interp *tcl, int objc, Tcl_Obj *const objv[])
{
	struct rt_interp *in = closure;
	struct rt_script *s = in->script;
	Tcl_Parse parse;

	(void)objc;
	(void)objv;
	if (!s)
		return TCL_OK;
	in->script = NULL;
	in->code = Tcl_ParseCommand(tcl, s->text + s->at, -1, 0, &parse);
	if (in->code != TCL_OK) {
		give_up(s);
		return TCL_OK;
	}
	advance(s, &parse);
	if (parse.numWords > 0)
		in->code = evaluate(in, &parse, &s->ours);
	Tcl_FreeParse(&parse);
	if (in->code == TCL_ERROR && !in->stopping)
		Tcl_LogCommandInfo(tcl, s->text, s->text + s->from, (int)s->len);
	s->done = in->code == TCL_RETURN;
	return TCL_OK;
}

enum rt_status rt_interp_step(struct rt_interp *in, struct rt_script *s, struct rt_err *err)
{
	s->ours = false;
	enter(in);
	in->script = s;
	in->code = TCL_OK;
	if (Tcl_EvalEx(in->tcl, step_command, -1, TCL_EVAL_GLOBAL) != TCL_OK)
		in->code = TCL_ERROR;
	leave(in);
	if (!s->text[s->at])
		s->done = true;
	return outcome(in, in->code, err);
}

bool rt_interp_broken_pipe(struct rt_interp *in)
{
	const char *code = Tcl_GetVar2(in->tcl, "errorCode", NULL, TCL_GLOBAL_ONLY);

	return code && strncmp(code, "POSIX EPIPE", 11) == 0 &&
	       strncmp(Tcl_GetStringResult(in->tcl), "error writing \"stdout\"", 22) == 0;
}

const char *rt_interp_result(struct rt_interp *in)
{
	return Tcl_GetStringResult(in->tcl);
}

const char *rt_interp_trace(struct rt_interp *in)
{
	const char *trace = Tcl_GetVar2(in->tcl, "errorInfo", NULL, TCL_GLOBAL_ONLY);

	return trace ? trace : "";
}

bool rt_interp_whole(const char *text)
{
	size_t n = strlen(text), slashes = 0;

	/* Tcl_CommandComplete() lets a command end in a backslash before the last newline. */
	if (n > 0 && text[n - 1] == '\n')
		n--;
	while (slashes < n && text[n - 1 - slashes] == '\\')
		slashes++;
	return slashes % 2 == 0 && Tcl_CommandComplete(text);
}

int rt_interp_flush(void)
{
	Tcl_Channel out = Tcl_GetStdChannel(TCL_STDOUT);

	return out && Tcl_Flush(out) != TCL_OK ? Tcl_GetErrno() : 0;
}

bool rt_interp_gets(struct rt_str *line)
{
	Tcl_Channel in = Tcl_GetStdChannel(TCL_STDIN);
	Tcl_Obj *text = Tcl_NewObj();
	bool got;

	Tcl_IncrRefCount(text);
	got = in && (Tcl_GetsObj(in, text) >= 0 || Tcl_GetCharLength(text) > 0);
	if (got) {
		rt_str_add(line, Tcl_GetString(text));
		rt_str_addc(line, '\n');
	}
	Tcl_DecrRefCount(text);
	return got;
}
