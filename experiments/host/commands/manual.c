#include "experiments/host/commands/manual.h"

#include <stdlib.h>

#include "engine/train/options.h"
#include "experiments/host/commands/describe.h"
#include "policies/registry.h"

/* ---- what all forms show ----------------------------------------------------------------------- */

/* A row in a form's own way. `facts`: what it may be, its default, where it has an effect. */
typedef struct form {
  FILE *out;
  void (*row)(FILE *out, const char *name, const char *facts, const char *doc);
  void (*choice)(FILE *out, const char *name, const char *doc);
} form;

static void show_param(const form *f, const syn_param *p, const char *standard, const char *scope) {
  char values[HOST_WORDS_SIZE], facts[2 * HOST_WORDS_SIZE];
  const char *choice;
  snprintf(facts, sizeof facts, "%s; %s%s%s", host_param_values(values, p), standard,
           scope ? "; only for " : "", scope ? scope : "");
  f->row(f->out, p->name, facts, p->doc);
  for (size_t i = 0; p->choice_doc && (choice = syn_param_choice(p, i)); i++)
    f->choice(f->out, choice, p->choice_doc(i));
}

static void show_options(const form *f) {
  char text[HOST_WORDS_SIZE], scope[SYN_SCOPE_SIZE];
  const syn_param *o;
  for (size_t i = 0; (o = syn_option_at(i)); i++)
    show_param(f, o, host_option_default(text, o), syn_option_scope(scope, o));
  for (const host_besides *besides = host_besides_options; besides->name; besides++)
    f->row(f->out, besides->name, besides->values, besides->doc);
}

static void show_params(const form *f, const syn_param *params) {
  char text[HOST_WORDS_SIZE];
  for (const syn_param *p = params; p->name; p++)
    show_param(f, p, host_param_default(text, p), p->scope ? p->scope->words : NULL);
}

/* ---- the manual page --------------------------------------------------------------------------- */

/* Text in which nothing is a command of roff. */
static void roff(FILE *out, const char *text) {
  int begins = 1;
  for (; *text; text++) {
    if (begins && (*text == '.' || *text == '\''))
      fputs("\\&", out);
    if (*text == '\\')
      fputs("\\e", out);
    else if (*text == '-')
      fputs("\\-", out);
    else
      fputc(*text, out);
    begins = *text == '\n';
  }
}

static void man_row(FILE *out, const char *name, const char *facts, const char *doc) {
  fputs(".TP\n.B ", out);
  roff(out, name);
  fputs("\n", out);
  roff(out, doc);
  fputs(".\n.br\n", out);
  roff(out, facts);
  fputs("\n", out);
}

static void man_choice(FILE *out, const char *name, const char *doc) {
  fputs(".br\n", out);
  roff(out, name);
  fputs(": ", out);
  roff(out, doc);
  fputs("\n", out);
}

/* The usage of a command as it is printed. */
static void man_usage(FILE *out, const host_command *command) {
  char *text = NULL;
  size_t size;
  FILE *held = open_memstream(&text, &size);
  if (!held)
    return;
  host_usage(held, command);
  if (fclose(held) == 0)
    roff(out, text);
  free(text);
}

void host_manual_man(FILE *out, const host_command *const *commands) {
  const form man = {out, man_row, man_choice};
  fputs(".TH SYNLAB 1 \"\" \"synlab " SYNLAB_VERSION "\" \"User Commands\"\n"
        ".SH NAME\nsynlab \\- a laboratory for synaptic learning rules\n"
        ".SH SYNOPSIS\n.B synlab\n.I COMMAND\n[options]\n.SH COMMANDS\n",
        out);
  for (; *commands; commands++) {
    fprintf(out, ".SS %s\n", (*commands)->name);
    roff(out, (*commands)->summary);
    fputs(".\n.PP\n.nf\n", out);
    man_usage(out, *commands);
    fputs(".fi\n", out);
  }
  fputs(".SH OPTIONS OF A RUN\nWhat a script says of a run.\n", out);
  show_options(&man);
  fputs(".SH POLICIES\n", out);
  for (const syn_policy_class *const *c = syn_policy_classes; *c; c++) {
    fprintf(out, ".SS %s\n", (*c)->name);
    roff(out, (*c)->summary);
    fputs(".\n", out);
    show_params(&man, (*c)->params);
  }
  fputs(".SH EXIT STATUS\n", out);
  roff(out, host_exit_statuses);
  fputs(
      "\n.SH ENVIRONMENT\n.TP\n.B SYNLAB_ISA\nforces an instruction set.\n.TP\n.B SYNLAB_PRODUCTS\n"
      "dense, sparse, or cheaper (without it): how the first layer's products are taken.\n.PP\n"
      "Neither changes a bit of a result.\n",
      out);
}

/* ---- completion -------------------------------------------------------------------------------- */

static void bash_flags(FILE *out, const host_flag *flags) {
  for (; flags && flags->name; flags++)
    fprintf(out, " %s", flags->name);
}

void host_manual_bash(FILE *out, const host_command *const *commands) {
  fputs("# Completion of synlab for bash.\n_synlab() {\n  local words= "
        "word=${COMP_WORDS[COMP_CWORD]}\n"
        "  if [ \"$COMP_CWORD\" = 1 ]; then\n    words='",
        out);
  for (const host_command *const *c = commands; *c; c++)
    fprintf(out, "%s%s", c == commands ? "" : " ", (*c)->name);
  fputs(" --help --version'\n  else\n    case ${COMP_WORDS[1]} in\n", out);
  for (const host_command *const *c = commands; *c; c++) {
    fprintf(out, "    %s)\n", (*c)->name);
    if ((*c)->parts) {
      fputs("      [ \"$COMP_CWORD\" != 2 ] || words='", out);
      for (const char *const *part = (*c)->parts; *part; part++)
        fprintf(out, "%s%s", part == (*c)->parts ? "" : " ", *part);
      fputs("'\n", out);
    }
    fputs("      case $word in -*) words='--help", out);
    bash_flags(out, (*c)->flags);
    bash_flags(out, (*c)->more);
    fputs("' ;; esac\n      ;;\n", out);
  }
  fputs("    esac\n  fi\n  # shellcheck disable=SC2207\n"
        "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}\n"
        "complete -o default -F _synlab synlab\n",
        out);
}

/* ---- Markdown ---------------------------------------------------------------------------------- */

static void markdown_row(FILE *out, const char *name, const char *facts, const char *doc) {
  fprintf(out, "- **`%s`**: %s. *%s*\n", name, doc, facts);
}

static void markdown_choice(FILE *out, const char *name, const char *doc) {
  fprintf(out, "  - `%s`: %s\n", name, doc);
}

void host_manual_markdown(FILE *out, const host_command *const *commands) {
  const form markdown = {out, markdown_row, markdown_choice};
  fputs("## Commands\n", out);
  for (; *commands; commands++) {
    fprintf(out, "\n### synlab %s\n\n```text\n", (*commands)->name);
    host_usage(out, *commands);
    fputs("```\n", out);
  }
  fprintf(out, "\n### Exit status\n\n%s\n", host_exit_statuses);
  fputs(
      "\n### Environment\n\n`SYNLAB_ISA` forces an instruction set. `SYNLAB_PRODUCTS` is `dense`, "
      "`sparse` or `cheaper`\n(without it): how the first layer's products are taken. Neither "
      "changes a "
      "bit of a result.\n",
      out);
  fputs("\n## Options of a run\n\n", out);
  show_options(&markdown);
  fputs("\n## Policies\n", out);
  for (const syn_policy_class *const *c = syn_policy_classes; *c; c++) {
    fprintf(out, "\n### %s\n\n%s.\n\n", (*c)->name, (*c)->summary);
    show_params(&markdown, (*c)->params);
  }
}
