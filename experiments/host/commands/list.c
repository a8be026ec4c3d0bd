/* Commands that list what there is: options, policies. */
#include <stdio.h>
#include <string.h>

#include "engine/train/task.h"
#include "experiments/host/commands/command.h"
#include "experiments/host/base/say.h"
#include "experiments/host/commands/describe.h"
#include "experiments/host/run/spec.h"

static void print_option(const syn_param *o) {
  char text[HOST_WORDS_SIZE], scope[SYN_SCOPE_SIZE];
  const char *choice;
  printf("%-15s %s\n%15s   %s\n", o->name, host_param_values(text, o), "", o->doc);
  for (size_t i = 0; o->choice_doc && (choice = syn_param_choice(o, i)); i++)
    printf("%15s   %s: %s\n", "", choice, o->choice_doc(i));
  if (syn_option_scope(scope, o))
    printf("%15s   only for %s\n", "", scope);
  printf("%15s   %s\n", "", host_option_default(text, o));
}

/* At most one word more, into *word (NULL: none may come). 0, or 2 after a line. */
static int read_word(const char **word, host *h, const host_command *self, int argc, char **argv) {
  size_t n = 0;
  int status = host_arguments(h, self, NULL, argc, argv, &n);
  if (!status && n > (word ? 1u : 0u))
    status = host_wrong("%s takes no '%s'", self->name, h->words[word ? 1 : 0]);
  if (!status && n > 0)
    *word = h->words[0];
  return status;
}

/* Without a word, all; else those that have it in their name or in what is said of them. */
static int is_asked(const char *word, const char *name, const char *doc) {
  return !word || strcasestr(name, word) || strcasestr(doc, word);
}

static int options_main(host *h, const host_command *self, int argc, char **argv) {
  const char *word = NULL;
  if (read_word(&word, h, self, argc, argv))
    return 2;
  const syn_param *o;
  int n = 0;
  const char *meant = word ? host_option_meant(word) : NULL;
  word = meant ? meant : word;
  for (size_t i = 0; (o = syn_option_at(i)); i++)
    if (is_asked(word, o->name, o->doc) && ++n)
      print_option(o);
  for (const host_besides *besides = host_besides_options; besides->name; besides++)
    if (is_asked(word, besides->name, besides->doc) && ++n)
      printf("%-15s %s\n%15s   %s\n", besides->name, besides->values, "", besides->doc);
  return n ? 0
           : host_wrong("no option has '%s' in its name or meaning; `synlab options` lists all",
                        word);
}

static void print_param(const syn_param *p) {
  char text[HOST_WORDS_SIZE], standard[HOST_WORDS_SIZE];
  printf("    %-14s %s; %s\n      %s\n", p->name, host_param_values(text, p),
         host_param_default(standard, p), p->doc);
  if (p->scope)
    printf("      only for %s\n", p->scope->words);
}

static int policy_main(host *h, const host_command *self, int argc, char **argv) {
  if (host_part(self, argc, argv) < 0 || read_word(NULL, h, self, argc - 1, argv + 1))
    return 2;
  for (const syn_policy_class *const *c = syn_policy_classes; *c; c++) {
    printf("%s: %s\n", (*c)->name, (*c)->summary);
    for (const syn_param *p = (*c)->params; p->name; p++)
      print_param(p);
  }
  return 0;
}

const host_command host_command_options = {
    .name = "options",
    .summary = "every option of a run: unit, range, meaning",
    .synopsis = "synlab options         all of them\n"
                "synlab options WORD    those that have it in their name or meaning",
    .main = options_main,
};

static const char *const parts[] = {"list", NULL};

const host_command host_command_policy = {
    .name = "policy",
    .summary = "what a synapse can do, and its parameters",
    .synopsis = "synlab policy list",
    .parts = parts,
    .main = policy_main,
};
