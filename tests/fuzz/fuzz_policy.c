/* Policy files: a table, or one line. */
#include "policies/tables/qvalues.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  double *q;
  unsigned history, actions;
  syn_ctx ctx = {0};
  char *text = malloc(size + 1);
  if (!text)
    return 0;
  memcpy(text, data, size);
  text[size] = '\0';
  syn_status status = syn_qvalues_parse(&q, &history, &actions, text, "input", &ctx);
  if ((status == SYN_OK) != (q != NULL) || (status && (!*ctx.error || strchr(ctx.error, '\n'))))
    abort();
  free(q);
  free(text);
  return 0;
}
