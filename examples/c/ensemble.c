/* Train 8 networks on y = x^2 from C, and read the losses and the gradient. */
#include <ltens.h>
#include <stdio.h>

enum { MEMBERS = 8, WIDTH = 10, SAMPLES = 100 };

static int failed(ltens_status status) {
  if (status == LTENS_OK) return 0;
  fprintf(stderr, "ltens: %s\n", ltens_last_error());
  return 1;
}

int main(void) {
  double x[SAMPLES], y[SAMPLES], slopes[MEMBERS * WIDTH], loss[MEMBERS];
  const double steps = 1000;
  uint64_t seeds[MEMBERS];
  ltens_result results[MEMBERS];
  ltens_networks *networks = NULL, *gradient = NULL;
  ltens_task *task = NULL;
  ltens_training *training = NULL;
  int bad = 1, i;

  for (i = 0; i < SAMPLES; ++i) {
    x[i] = -2 + 4.0 * i / (SAMPLES - 1);
    y[i] = x[i] * x[i];
  }
  for (i = 0; i < MEMBERS; ++i) seeds[i] = (uint64_t)i;

  if (failed(ltens_create(MEMBERS, WIDTH, 1, "silu", LTENS_FLOAT64, "torch", seeds, NULL,
                          &networks)) ||
      failed(ltens_create(MEMBERS, WIDTH, 1, "silu", LTENS_FLOAT64, "torch", seeds, NULL,
                          &gradient)) ||
      failed(ltens_task_create(SAMPLES, 1, x, y, NULL, &task)) ||
      failed(ltens_training_create(&training)) ||
      failed(ltens_training_set(training, "steps", &steps, 1)) ||
      failed(ltens_train(networks, task, training, "auto", 0, 1, NULL, NULL, results, MEMBERS)) ||
      failed(ltens_loss_and_gradient(networks, task, "dense", 0, 1, loss, MEMBERS, gradient)) ||
      failed(ltens_get(gradient, LTENS_A, slopes, MEMBERS * WIDTH)))
    goto end;

  bad = 0;
  for (i = 0; i < MEMBERS; ++i) {
    printf("network %d: loss %.17g after %llu steps, dL/da_1 %.3g\n", i, results[i].loss,
           (unsigned long long)results[i].steps, slopes[i * WIDTH]);
    if (results[i].outcome != LTENS_TRAINED) bad = 1;
  }
  /* A mistake is a status and a sentence. */
  if (ltens_get(networks, LTENS_W, slopes, 3) != LTENS_BAD_ARGUMENT) bad = 1;
  printf("a mistake: %s\n", ltens_last_error());

end:
  ltens_training_free(training);
  ltens_task_free(task);
  ltens_free(gradient);
  ltens_free(networks);
  return bad;
}
