/* The C interface of ltens: networks f(x) = c + sum_i a_i act(w_i . x + b_i), trained together.
 *
 * Every function that can fail returns a status; nothing is thrown. Of what went wrong,
 * ltens_last_error() has one sentence. A pointer that is null or is no handle of the right kind is
 * a bad argument, not a crash; a handle that was freed must not be used again. Functions may be
 * called from any thread, but a handle that one call writes to must not be in use by another.
 * Arrays of the caller are copied; they are C-contiguous, of double, and hold as many numbers as
 * `size` says, so that a wrong size is an error.
 */
#ifndef LTENS_H
#define LTENS_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32) && defined(LTENS_C_BUILDING)
#define LTENS_C_API __declspec(dllexport)
#elif defined(_WIN32)
#define LTENS_C_API __declspec(dllimport)
#else
#define LTENS_C_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ltens_status {
  LTENS_OK = 0,
  LTENS_BAD_ARGUMENT = 1,
  LTENS_OUT_OF_MEMORY = 2,
  LTENS_CANCELLED = 3, /* by the caller's progress function */
  LTENS_FAILED = 4     /* anything else */
} ltens_status;

typedef enum ltens_real { LTENS_FLOAT32 = 0, LTENS_FLOAT64 = 1 } ltens_real;

/* The four arrays: w (S, N, d), b (S, N), a (S, N), c (S,). */
typedef enum ltens_parameter { LTENS_W = 0, LTENS_B = 1, LTENS_A = 2, LTENS_C = 3 } ltens_parameter;

typedef enum ltens_outcome {
  LTENS_TRAINED = 0,
  LTENS_DIVERGED = 1,
  LTENS_UNFINISHED = 2
} ltens_outcome;

typedef struct ltens_networks ltens_networks; /* S networks of N neurons on R^d */
typedef struct ltens_task ltens_task;         /* samples, targets and weights */
typedef struct ltens_training ltens_training; /* the optimiser's settings */

/* Of one network. */
typedef struct ltens_result {
  double loss;      /* on the task, evaluated in double */
  uint64_t steps;   /* updates made */
  uint64_t outcome; /* an ltens_outcome */
} ltens_result;

/* Called about twenty times a second by the thread that called ltens_train, with the updates made
 * so far, summed over the networks; any answer but 0 stops the training. */
typedef int (*ltens_progress)(uint64_t done, void* user);

/* One sentence about the last failure in this thread; "" if there was none. */
LTENS_C_API const char* ltens_last_error(void);
LTENS_C_API const char* ltens_version(void);
/* Raised when the same call gives other bits. */
LTENS_C_API int ltens_numerics_version(void);

/* Networks with the labels seeds[0 .. count-1], drawn by the scheme `init` ("torch", "he", ...)
 * from the Philox key (2 words; null for that of root entropy 0). They are those of
 * ltens.Networks.init(width, seeds) in Python, bit for bit. Free them with ltens_free. */
LTENS_C_API ltens_status ltens_create(size_t count, size_t width, size_t dimension,
                                      const char* activation, ltens_real real, const char* init,
                                      const uint64_t* seeds, const uint64_t* key,
                                      ltens_networks** networks);
LTENS_C_API ltens_status ltens_get(const ltens_networks* networks, ltens_parameter which,
                                   double* values, size_t size);
LTENS_C_API ltens_status ltens_set(ltens_networks* networks, ltens_parameter which,
                                   const double* values, size_t size);
LTENS_C_API void ltens_free(ltens_networks* networks);

/* The loss sum_j q_j (f(x_j) - y_j)^2 of x (D, d) and y (D,), with weights q (D,), or null for 1/D
 * each. All finite. Free it with ltens_task_free. */
LTENS_C_API ltens_status ltens_task_create(size_t samples, size_t dimension, const double* x,
                                           const double* y, const double* weights,
                                           ltens_task** task);
LTENS_C_API void ltens_task_free(ltens_task* task);

/* The defaults of ltens.Training. Free it with ltens_training_free. */
LTENS_C_API ltens_status ltens_training_create(ltens_training** training);
/* A number ("steps", "lr", "batch_size", ...), or the four of w, b, a and c ("lr_factors",
 * "weight_decay"). */
LTENS_C_API ltens_status ltens_training_set(ltens_training* training, const char* name,
                                            const double* values, size_t size);
/* "optimizer" or "schedule". */
LTENS_C_API ltens_status ltens_training_choose(ltens_training* training, const char* name,
                                               const char* value);
LTENS_C_API void ltens_training_free(ltens_training* training);

/* Train in place. `training` may be null for the defaults, `engine` for "auto"; `rtol` is the error
 * allowed to an engine that approximates, 0 for 1e-3; `progress` may be null. results: (S,).
 * Returns LTENS_CANCELLED if progress stopped it: the networks are as they were then. */
LTENS_C_API ltens_status ltens_train(ltens_networks* networks, const ltens_task* task,
                                     const ltens_training* training, const char* engine,
                                     double rtol, int threads, ltens_progress progress, void* user,
                                     ltens_result* results, size_t size);

/* loss: (S,). `gradient` is made by ltens_create with the same sizes and real type as `networks`;
 * its numbers are overwritten. */
LTENS_C_API ltens_status ltens_loss_and_gradient(const ltens_networks* networks,
                                                 const ltens_task* task, const char* engine,
                                                 double rtol, int threads, double* loss,
                                                 size_t size, ltens_networks* gradient);

/* f(x): values (S, M) for x (M, d). */
LTENS_C_API ltens_status ltens_predict(const ltens_networks* networks, const double* x,
                                       size_t samples, int threads, double* values, size_t size);

#ifdef __cplusplus
}
#endif

#endif
