/* Private to train: the two ways of logreg.c. */
#ifndef TENOR_LOGREG_H
#define TENOR_LOGREG_H

#include "products.h"

/* ---- logreg_dual.c -------------------------------------------------------- */
/* Solves problems where at least two classes occur, a softmax without scales,
 * with at most so many passes; the weights of problem q go into the columns
 * from outputs[q] on of w[columns + 1][k], whatever is there. */
tenor_status logreg_dual(double *w, size_t k, struct logreg_problem **problems,
                         const size_t *outputs, size_t count,
                         const struct learn_data *data, double tolerance,
                         unsigned most_passes, const struct progress *progress,
                         tenor_error *error);

/* ---- logreg_newton.c ------------------------------------------------------ */
/* Goes on from the weights in the problems' columns, outputs[q] the first of
 * problem q, of w[columns + 1][k]. Adds to the problems' counts. */
tenor_status logreg_newton(double *w, size_t k,
                           struct logreg_problem **problems,
                           const size_t *outputs, size_t count,
                           const struct learn_data *data,
                           const struct logreg_options *options,
                           const struct progress *progress, tenor_error *error);

/* ---- newton_loops.c -------------------------------------------------------
 * One problem being solved, and the loops of a step over its arrays. A loop runs
 * over blocks of rows or columns, in parallel where there is a pool, and leaves
 * its sums, added up in the order of blocks, in `sums`. */
enum { NEWTON_SUMS = 3 };
struct newton {
    const struct logreg_problem *problem;
    const struct products *products;
    struct thread_pool *pool; /* NULL: this thread alone */
    size_t rows, columns, k;  /* columns without the bias; k outputs */
    double *penalty;          /* [columns + 1] of half a squared weight */
    double *w, *g, *s, *r, *p, *hp, *diagonal; /* [columns + 1][k] */
    double *z, *xs, *xp, *u, *h, *probability; /* [rows][k] */
    double *block_sums;                        /* [blocks][NEWTON_SUMS] */
    double sums[NEWTON_SUMS];
    double length, alpha, beta; /* of the steps along s, p; p's turn */
};
size_t newton_block_count(const struct newton *newton);
void newton_scores(struct newton *newton); /* z = X w */
void newton_losses(struct newton *newton); /* sum: loss at z + length xs */
/* Takes the step w += length s, z += length xs; then probabilities, gradient g
 * and diagonal of the second derivative H; starts conjugate gradients: s = 0,
 * xs = 0, r = -g, p = r / diagonal. sums: r.p, penalty of w. */
void newton_gradient(struct newton *newton);
void newton_curve(struct newton *newton); /* hp = H p; sum: p.hp */
/* s += alpha p; r -= alpha hp; hp = r / diagonal, what p turns to next;
 * xs += alpha xp. sums: r.hp, s.r, g.s */
void newton_advance(struct newton *newton);
void newton_turn(struct newton *newton); /* p = hp + beta p */
/* sums: w.s and s.s, weighed by the penalty */
void newton_penalties(struct newton *newton);

#endif
