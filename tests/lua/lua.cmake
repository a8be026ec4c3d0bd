# The Lua modules, in the program's own Lua.
if(TARGET synlab)
  add_test(NAME lua.modules COMMAND synlab run ${PROJECT_SOURCE_DIR}/tests/lua/run.lua)
  add_test(NAME lua.pictures COMMAND synlab run ${PROJECT_SOURCE_DIR}/tests/lua/pictures.lua)
  set_tests_properties(lua.modules lua.pictures PROPERTIES LABELS lua
    WORKING_DIRECTORY ${PROJECT_BINARY_DIR})
endif()
if(TARGET synlab)
  add_test(NAME unit.house COMMAND synlab run tests/lua/house.lua)
  set_tests_properties(unit.house PROPERTIES LABELS unit WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
endif()
