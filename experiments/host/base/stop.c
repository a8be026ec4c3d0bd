#include "experiments/host/base/stop.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static volatile sig_atomic_t watched, noted, pressed;

static void end_or_note(int number) {
  if (watched == 0 || pressed)
    _exit(128 + number);
  pressed = noted = number;
}

static void ask(int number) {
  if (watched == 0)
    _exit(128 + number);
  if (!noted)
    noted = number;
}

static void note(int number) {
  noted = number;
}

static void handle(int number, void (*handler)(int)) {
  struct sigaction action = {.sa_handler = handler};
  sigaction(number, &action, NULL);
}

/* Whoever started the program with `nohup` wants it to outlive the terminal. */
static void handle_hangup(void (*handler)(int)) {
  struct sigaction now;
  if (sigaction(SIGHUP, NULL, &now) == 0 && now.sa_handler != SIG_IGN)
    handle(SIGHUP, handler);
}

void host_stop_begin(void) {
  handle(SIGINT, end_or_note);
  handle(SIGTERM, end_or_note);
  handle(SIGUSR1, ask);
  handle_hangup(end_or_note);
  handle(SIGPIPE, SIG_IGN);
  handle(SIGXFSZ, SIG_IGN);
  handle(SIGCHLD,
         SIG_DFL); /* ignored by whoever started the program, it would hide our workers' ends */
}

void host_stop_watch(void) {
  watched++;
}
void host_stop_unwatch(void) {
  watched--;
}

void host_stop_worker(void) {
  handle(SIGINT, SIG_IGN);
  handle(SIGTERM, note);
  handle(SIGUSR1, note);
  handle_hangup(note);
}

int host_stop_signal(void) {
  return noted;
}

const char *host_stop_words(int fresh) {
  return fresh
             ? "stopped; finished runs are kept, and count without --fresh: with it all begin again"
             : "stopped; finished runs are kept, the same command goes on from there";
}
