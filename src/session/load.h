/* load.h - a checkpoint on its way into a session, shared by the files that read one. */
#ifndef RT_SESSION_LOAD_H
#define RT_SESSION_LOAD_H

#include "io/zip.h"
#include "session/impl.h"
#include "session/records.h"

struct load {
	struct rt_session *session;
	struct rt_zip zip;
	struct records text;
	struct state state;		/* being built */
	struct rt_model **model;	/* all of them, also those without a name */
	struct rt_data **data;
	int nmodels, ndata, model_cap, data_cap;
	int64_t current;
};

/* The bytes of a part of the archive, for the caller to free.  Error: RT_EFORMAT. */
enum rt_status load_extract(unsigned char **out, size_t *len, const struct load *l,
			    const char *name, struct rt_err *err);

/* Reads the records of every run; data sets and models are there already. */
enum rt_status load_runs(struct load *l, struct rt_err *err);

#endif
