/* checkpoint.h - a whole session as one file, to go on from with the same bits.
 *
 * The file is a ZIP archive: models as ONNX, the optimizers' arrays as npy, and checkpoint.txt,
 * which says what belongs where.  Of a data set it holds the name, the hash and how it was made,
 * not the samples.  The undo history is not kept.
 */
#ifndef RT_SESSION_CHECKPOINT_H
#define RT_SESSION_CHECKPOINT_H

#include "session/session.h"

/* Writes models, runs and data sets in use, atomically; *bytes (may be NULL) is the size of the
 * file.  The same session always makes the same bytes.  Errors: RT_EIO; RT_EUNSUPPORTED (4 GB and
 * more, and those of rt_model_pack()). */
enum rt_status rt_checkpoint_save(const struct rt_session *s, const char *path, int64_t *bytes,
				  struct rt_err *err);

/* The same for the session as it was before the change under way, if there is one; for a program
 * that is about to be ended, from any thread: no change ends meanwhile.  Errors also: RT_ENOTFOUND
 * (no model: nothing to save). */
enum rt_status rt_checkpoint_rescue(struct rt_session *s, const char *path, struct rt_err *err);

/* Replaces everything in the session by what the file holds; call it inside a change.  A data set
 * of the same name and hash that is loaded already is taken, otherwise the set is made again.  On
 * failure nothing has changed.  Errors: RT_ENOTFOUND, RT_EIO, RT_ENOMEM, RT_EFORMAT (damaged, cut
 * off, or data that are no longer those of the checkpoint, with both hashes), RT_EUNSUPPORTED
 * (another version), those of rt_data_load(), RT_ECANCELLED. */
enum rt_status rt_checkpoint_load(struct rt_session *s, const char *path, struct rt_err *err);

#endif
