#include "experiments/host/store/agree.h"

#include <stdint.h>

json_t *host_record_result(const json_t *record) {
  json_t *copy = json_copy((json_t *)(uintptr_t)record);
  json_t *data = json_copy(json_object_get(record, "data"));
  json_object_del(copy, "seconds");
  json_object_del(copy, "spec");
  if (data) {
    json_object_del(data, "name");
    json_object_set_new(copy, "data", data);
  }
  return copy;
}

int host_records_agree(const json_t *a, const json_t *b) {
  json_t *x = host_record_result(a), *y = host_record_result(b);
  int equal = x && y && json_equal(x, y);
  json_decref(x);
  json_decref(y);
  return equal;
}
