/* The engine as a library: trains a network without hidden units on a set of 28x28 images in class
 * folders, by a rule in Lua, and prints how many of the validation images it gets right.
 * Build and run:
 *
 *   cc example.c $(pkg-config --cflags --libs synlab) -o example && ./example IMAGES
 */
#include <stdio.h>
#include <string.h>

#include <engine/train/run.h>
#include <policies/rule.h>

static const char rule[] =
    "return rule { name = 'probe and vote', state = { credit = 0 },\n"
    "  sees = { 'reward', 'action', 'random' },\n"
    "  step = function(v, out)\n"
    "    if v.iteration % 2 == 1 then out:sign(v.random - 0.5) return end\n"
    "    v.credit = 0.998 * v.credit + v.reward * v.action\n"
    "    if v.reward < 0 then out:set(-v.action) else out:sometimes(0.05 * v.credit) end\n"
    "  end }\n";

int main(int argc, char **argv) {
  syn_ctx ctx = {0}; /* says in one line what went wrong */
  syn_images *images = NULL;
  syn_task *task = NULL;
  syn_policy *policy = NULL;
  syn_result *result = NULL;
  const syn_kernels *kernels = NULL;
  syn_options options;
  syn_options_default(&options, &syn_task_images, SYN_METHOD_SYNAPTIC); /* as the paper has them */
  options.iterations = 2000;
  options.rate = 1e-3;

  syn_status status = syn_kernels_get(&kernels, NULL, &ctx);
  if (!status)
    status = syn_images_open(&images, argc > 1 ? argv[1] : "letters.tar.xz", &ctx);
  if (!status) {
    options.net[0] = (double)(images->width * images->height);
    options.net[1] = (double)images->classes;
    options.batch_size = options.batch_interval = 0; /* all training images, always */
    status = syn_task_open(&task, &options, images, kernels, &ctx);
  }
  if (!status)
    status = syn_rule_open_text(&policy, "rule", rule, strlen(rule), NULL, 0, &ctx);
  if (!status)
    status = syn_run_synaptic(&result, &options, task, policy, kernels, NULL, &ctx);
  if (!status)
    printf("%zu synapses, %u iterations: %.1f %% of the validation images are right\n",
           result->synapses, result->iterations, 100 * result->validation.accuracy);
  else
    fprintf(stderr, "example: %s\n", ctx.error);
  syn_result_close(result);
  syn_policy_close(policy);
  syn_task_close(task);
  syn_images_close(images);
  return status != SYN_OK;
}
