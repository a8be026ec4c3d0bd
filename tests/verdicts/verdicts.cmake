# The verdicts of the report, by other code.
add_test(NAME verdicts.recomputed
  COMMAND ${PROJECT_SOURCE_DIR}/tests/verdicts/verdicts.sh $<TARGET_FILE:synlab> ${PROJECT_SOURCE_DIR})
set_tests_properties(verdicts.recomputed PROPERTIES LABELS docs SKIP_RETURN_CODE 77)
