if(TARGET synlab)
  add_test(NAME host.data COMMAND ${PROJECT_SOURCE_DIR}/tests/host/data.sh $<TARGET_FILE:synlab>
    ${PROJECT_SOURCE_DIR})
  set_tests_properties(host.data PROPERTIES LABELS host)

  add_test(NAME host.data_files COMMAND ${PROJECT_SOURCE_DIR}/tests/host/data_files.sh
    $<TARGET_FILE:synlab>)
  set_tests_properties(host.data_files PROPERTIES LABELS host)

  add_test(NAME host.cli COMMAND ${PROJECT_SOURCE_DIR}/tests/host/cli.sh $<TARGET_FILE:synlab>
    ${PROJECT_BINARY_DIR})
  set_tests_properties(host.cli PROPERTIES LABELS host)

  # Where FreeType is installed, the renderer of the built-in letters is built and tried.
  pkg_check_modules(FREETYPE QUIET freetype2)
  if(FREETYPE_FOUND AND NOT TARGET letters)
    add_subdirectory(${PROJECT_SOURCE_DIR}/data/letters ${PROJECT_BINARY_DIR}/data/letters)
  endif()
  add_test(NAME host.letters COMMAND ${PROJECT_SOURCE_DIR}/tests/host/letters.sh
    $<TARGET_FILE:synlab> "$<$<TARGET_EXISTS:letters>:$<TARGET_FILE:letters>>"
    ${PROJECT_SOURCE_DIR})
  set_tests_properties(host.letters PROPERTIES LABELS host)

  add_test(NAME host.fetch COMMAND ${PROJECT_SOURCE_DIR}/tests/host/fetch.sh ${PROJECT_SOURCE_DIR})
  set_tests_properties(host.fetch PROPERTIES LABELS host SKIP_RETURN_CODE 77)

  add_test(NAME host.make COMMAND ${PROJECT_SOURCE_DIR}/tests/host/make.sh ${PROJECT_SOURCE_DIR})
  set_tests_properties(host.make PROPERTIES LABELS host)

  add_test(NAME host.skips COMMAND ${PROJECT_SOURCE_DIR}/tests/host/skips.sh ${PROJECT_SOURCE_DIR})
  set_tests_properties(host.skips PROPERTIES LABELS host)

  add_test(NAME host.limits COMMAND ${PROJECT_SOURCE_DIR}/tests/host/limits.sh
    ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
  set_tests_properties(host.limits PROPERTIES LABELS host)

  add_test(NAME repro.quick COMMAND ${PROJECT_SOURCE_DIR}/tests/host/repro.sh
    $<TARGET_FILE:synlab> ${PROJECT_SOURCE_DIR} alone)
  add_test(NAME repro.images COMMAND ${PROJECT_SOURCE_DIR}/tests/host/repro.sh
    $<TARGET_FILE:synlab> ${PROJECT_SOURCE_DIR} images)
  set_tests_properties(repro.quick repro.images PROPERTIES LABELS repro RUN_SERIAL ON
    SKIP_RETURN_CODE 77)

  add_test(NAME host.plan COMMAND ${PROJECT_SOURCE_DIR}/tests/host/plan.sh $<TARGET_FILE:synlab>)
  set_tests_properties(host.plan PROPERTIES LABELS host)

  add_test(NAME host.commit COMMAND ${PROJECT_SOURCE_DIR}/tests/host/commit.sh
    ${PROJECT_SOURCE_DIR}/experiments/host/commit.cmake)
  set_tests_properties(host.commit PROPERTIES LABELS host)

  add_test(NAME host.cores COMMAND ${PROJECT_SOURCE_DIR}/tests/host/cores.sh $<TARGET_FILE:synlab>)
  set_tests_properties(host.cores PROPERTIES LABELS host SKIP_RETURN_CODE 77)

  add_test(NAME host.slurm COMMAND ${PROJECT_SOURCE_DIR}/tests/host/slurm.sh $<TARGET_FILE:synlab>)
  set_tests_properties(host.slurm PROPERTIES LABELS host SKIP_RETURN_CODE 77)

  add_test(NAME host.store COMMAND ${PROJECT_SOURCE_DIR}/tests/host/store.sh $<TARGET_FILE:synlab>)
  set_tests_properties(host.store PROPERTIES LABELS host)

  add_test(NAME host.records COMMAND ${PROJECT_SOURCE_DIR}/tests/host/records.sh $<TARGET_FILE:synlab>)
  set_tests_properties(host.records PROPERTIES LABELS host)

  add_test(NAME host.store_command COMMAND ${PROJECT_SOURCE_DIR}/tests/host/store_command.sh
    $<TARGET_FILE:synlab>)
  set_tests_properties(host.store_command PROPERTIES LABELS host)

  add_test(NAME host.store_shapes COMMAND ${PROJECT_SOURCE_DIR}/tests/host/store_shapes.sh
    $<TARGET_FILE:synlab>)
  set_tests_properties(host.store_shapes PROPERTIES LABELS host)

  add_library(wait_at MODULE ${PROJECT_SOURCE_DIR}/tests/host/wait_at.c)
  target_link_options(wait_at PRIVATE -fno-sanitize=all)
  target_compile_options(wait_at PRIVATE -fno-sanitize=all)
  add_test(NAME host.store_checkpoints COMMAND ${PROJECT_SOURCE_DIR}/tests/host/store_checkpoints.sh
    $<TARGET_FILE:synlab> $<TARGET_FILE:wait_at>)
  set_tests_properties(host.store_checkpoints PROPERTIES LABELS host)

  add_test(NAME host.store_unreadable COMMAND ${PROJECT_SOURCE_DIR}/tests/host/store_unreadable.sh
    $<TARGET_FILE:synlab> ${PROJECT_SOURCE_DIR})
  set_tests_properties(host.store_unreadable PROPERTIES LABELS host)

  add_test(NAME host.store_varies COMMAND ${PROJECT_SOURCE_DIR}/tests/host/store_varies.sh
    $<TARGET_FILE:synlab>)
  set_tests_properties(host.store_varies PROPERTIES LABELS host)

  # The part of the host that makes keys, with stand-ins for the rest of it.
  pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
  pkg_check_modules(LUA REQUIRED IMPORTED_TARGET lua5.4)
  set(host ${PROJECT_SOURCE_DIR}/experiments/host)
  syn_test(test_keys host host/test_keys.c ${host}/run/spec.c ${host}/run/checked.c ${host}/run/key.c ${host}/run/policies.c ${host}/run/rules.c
    ${host}/pages/json_text.c ${host}/pages/manifest.c ${host}/pages/manifest_file.c ${host}/store/files.c ${host}/store/outputs.c ${host}/base/temporary.c
    ${host}/base/stop.c ${host}/base/words.c ${host}/base/say.c ${host}/base/lua_json.c
    LINK syn_policies PkgConfig::JANSSON PkgConfig::LUA)
  syn_test(test_shares host host/test_shares.c ${host}/run/shares.c LINK m)
  syn_test(test_texts host host/test_texts.c ${host}/base/texts.c ${host}/store/lines.c LINK syn_base)
  syn_test(test_shape host host/test_shape.c ${host}/store/shape.c LINK PkgConfig::JANSSON)
  syn_test(test_temporary host host/test_temporary.c ${host}/base/temporary.c LINK syn_base)
  target_compile_definitions(test_keys PRIVATE _GNU_SOURCE SYNLAB_SOURCE_DIR="${PROJECT_SOURCE_DIR}")

  # What was exported, computed without the engine.
  add_executable(exported ${PROJECT_SOURCE_DIR}/tests/host/exported.c)
  target_link_libraries(exported PRIVATE PkgConfig::JANSSON m)
  add_test(NAME host.export COMMAND ${PROJECT_SOURCE_DIR}/tests/host/export.sh $<TARGET_FILE:synlab>
    $<TARGET_FILE:exported>)
  set_tests_properties(host.export PROPERTIES LABELS host)

  add_test(NAME host.faults COMMAND ${PROJECT_SOURCE_DIR}/tests/host/faults.sh $<TARGET_FILE:synlab>
    ${PROJECT_SOURCE_DIR})
  set_tests_properties(host.faults PROPERTIES LABELS host)

  add_library(fail_at MODULE ${PROJECT_SOURCE_DIR}/tests/host/fail_at.c)
  target_link_options(fail_at PRIVATE -fno-sanitize=all)
  target_compile_options(fail_at PRIVATE -fno-sanitize=all)
  add_test(NAME host.faulty COMMAND ${PROJECT_SOURCE_DIR}/tests/host/faulty.sh $<TARGET_FILE:synlab>
    $<TARGET_FILE:fail_at>)
  set_tests_properties(host.faulty PROPERTIES LABELS host)

  add_test(NAME host.needs COMMAND ${PROJECT_SOURCE_DIR}/tests/host/needs.sh $<TARGET_FILE:synlab>)
  set_tests_properties(host.needs PROPERTIES LABELS host)

  add_test(NAME host.stop COMMAND ${PROJECT_SOURCE_DIR}/tests/host/stop.sh $<TARGET_FILE:synlab>)
  set_tests_properties(host.stop PROPERTIES LABELS host)

  add_test(NAME host.bench COMMAND ${PROJECT_SOURCE_DIR}/tests/host/bench.sh $<TARGET_FILE:synlab>)
  set_tests_properties(host.bench PROPERTIES LABELS host)

  add_test(NAME host.words COMMAND ${PROJECT_SOURCE_DIR}/tests/host/words.sh $<TARGET_FILE:synlab>)
  set_tests_properties(host.words PROPERTIES LABELS host)

  add_test(NAME host.storm COMMAND ${PROJECT_SOURCE_DIR}/tests/host/storm.sh $<TARGET_FILE:synlab>)
  set_tests_properties(host.storm PROPERTIES LABELS host)

  add_test(NAME host.figures COMMAND ${PROJECT_SOURCE_DIR}/tests/host/figures.sh $<TARGET_FILE:synlab>)
  set_tests_properties(host.figures PROPERTIES LABELS host)

  add_test(NAME host.page COMMAND ${PROJECT_SOURCE_DIR}/tests/host/page.sh $<TARGET_FILE:synlab>
    ${PROJECT_SOURCE_DIR})
  set_tests_properties(host.page PROPERTIES LABELS host SKIP_RETURN_CODE 77)

  add_test(NAME host.study COMMAND ${PROJECT_SOURCE_DIR}/tests/host/study.sh $<TARGET_FILE:synlab>)
  set_tests_properties(host.study PROPERTIES LABELS host TIMEOUT 300)

  add_test(NAME host.classes COMMAND ${PROJECT_SOURCE_DIR}/tests/host/classes.sh
    $<TARGET_FILE:synlab> ${PROJECT_SOURCE_DIR})
  set_tests_properties(host.classes PROPERTIES LABELS host TIMEOUT 300)

  add_test(NAME host.verify COMMAND ${PROJECT_SOURCE_DIR}/tests/host/verify.sh
    $<TARGET_FILE:synlab> ${PROJECT_SOURCE_DIR})
  set_tests_properties(host.verify PROPERTIES LABELS host)
endif()
