# Every snippet of the pages in docs/ is run.
function(syn_page name)
  add_test(NAME docs.${name} COMMAND ${CMAKE_COMMAND} -E env SYNLAB=$<TARGET_FILE:synlab>
    PAGE=docs/${name}.md $<TARGET_FILE:synlab> run tests/docs/page.lua)
  set_tests_properties(docs.${name} PROPERTIES LABELS docs
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
endfunction()
if(TARGET synlab)
  syn_page(writing-rules)
  syn_page(searching)
  syn_page(data)
  syn_page(ablations)
  syn_page(data-of-a-report)
  add_test(NAME docs.reference COMMAND ${PROJECT_SOURCE_DIR}/tests/docs/reference.sh $<TARGET_FILE:synlab>
    ${PROJECT_SOURCE_DIR})
  set_tests_properties(docs.reference PROPERTIES LABELS docs)
endif()
