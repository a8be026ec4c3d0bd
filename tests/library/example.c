/* The engine as a library: trains a 784-10 network with the paper's policy, and prints how well it
 * does. Build and run:
 *
 *   cc example.c $(pkg-config --cflags --libs synlab) -o example && ./example IMAGES
 */
#include <stdio.h>

#include <engine/train/run.h>
#include <policies/registry.h>

int main(int argc, char **argv) {
  syn_ctx ctx = {0}; /* says in one line what went wrong */
  syn_images *images = NULL;
  syn_task *task = NULL;
  syn_policy *policy = NULL;
  syn_result *result = NULL;
  const syn_kernels *kernels = NULL;
  syn_options options;
  syn_options_default(&options, &syn_task_images, SYN_METHOD_SYNAPTIC); /* as the paper has them */
  options.iterations = 500;
  const syn_arg history[] = {{.name = "history", .kind = SYN_ARG_NUMBER, .number = 2}};

  syn_status status = syn_kernels_get(&kernels, NULL, &ctx);
  if (!status)
    status = syn_images_open(&images, argc > 1 ? argv[1] : "letters.tar.xz", &ctx);
  if (!status)
    status = syn_task_open(&task, &options, images, kernels, &ctx);
  if (!status)
    status = syn_policy_open(&policy, "qtable", history, 1, &ctx);
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
