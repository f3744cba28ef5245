/* calibrate: scales and shifts against brute force, thresholds against every
 * other threshold, samples that tell nothing. */
#include "train.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { COUNT = 300, OUTPUTS = 3 };

static double uniform(uint64_t *state) {
    return (double)(random_next(state) >> 11) / 9007199254740992.0;
}

static double normal(uint64_t *state) { /* nearly: a sum of twelve */
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += uniform(state);
    return sum;
}

/* ---- two classes ------------------------------------------------------- */

/* Scores whose true probability is logistic(a z + b). */
static void draw(double *z, uint8_t *truth, size_t count, double a, double b,
                 uint64_t seed) {
    for (size_t i = 0; i < count; i++) {
        z[i] = 2 * normal(&seed);
        truth[i] = uniform(&seed) < 1 / (1 + exp(-(a * z[i] + b)));
    }
}

/* Platt's loss: cross-entropy against (n+ + 1) / (n+ + 2), 1 / (n- + 2). */
static double platt_loss(const double *z, const uint8_t *truth, size_t count,
                         double a, double b) {
    double positives = 0, sum = 0;
    for (size_t i = 0; i < count; i++)
        positives += truth[i];
    for (size_t i = 0; i < count; i++) {
        double t = truth[i] ? (positives + 1) / (positives + 2)
                            : 1 / ((double)count - positives + 2);
        double p = 1 / (1 + exp(-(a * z[i] + b)));
        sum -= t * log(p) + (1 - t) * log(1 - p);
    }
    return sum;
}

static void two_classes_fit_best(void **state) {
    (void)state;
    static const double a[] = {0.3, 1, 4, 1}, b[] = {0, -1, 2, -3};
    double z[COUNT], scale, shift;
    uint8_t truth[COUNT];
    for (size_t i = 0; i < ARRAY_LENGTH(a); i++) {
        draw(z, truth, COUNT, a[i], b[i], i + 1);
        calibrate_binary(&scale, &shift, z, truth, COUNT);
        double best = platt_loss(z, truth, COUNT, scale, shift);
        for (int da = -20; da <= 20; da++)
            for (int db = -20; db <= 20; db++)
                assert_true(platt_loss(z, truth, COUNT, scale + da * 0.05,
                                       shift + db * 0.05) >= best - 1e-9);
        assert_true(fabs(scale - a[i]) < 0.5 + a[i] / 2);
    }
}

static void scores_that_tell_nothing_keep_their_order(void **state) {
    (void)state;
    double z[COUNT], scale, shift;
    uint8_t truth[COUNT];
    draw(z, truth, COUNT, -1, -1, 3); /* worse than nothing */
    double positives = 0;
    for (size_t i = 0; i < COUNT; i++)
        positives += truth[i];
    calibrate_binary(&scale, &shift, z, truth, COUNT);
    double prior = 1 / (1 + exp(-shift));
    assert_true(scale > 0 && scale < 0.01);
    assert_true(fabs(prior - positives / COUNT) < 0.01);

    for (size_t i = 0; i < COUNT; i++)
        z[i] = 0;
    calibrate_binary(&scale, &shift, z, truth, COUNT); /* all alike */
    assert_true(scale > 0 && isfinite(scale) && isfinite(shift));
    draw(z, truth, COUNT, 1, 0, 3); /* one class alone; nothing at all */
    memset(truth, 0, sizeof truth);
    calibrate_binary(&scale, &shift, z, truth, COUNT);
    assert_true(scale > 0 && isfinite(scale) && shift < -4);
    calibrate_binary(&scale, &shift, z, truth, 0);
    assert_true(scale > 0 && isfinite(scale) && isfinite(shift));
}

static void separable_scores_stay_below_certainty(void **state) {
    (void)state;
    double z[40], scale, shift;
    uint8_t truth[40];
    for (size_t i = 0; i < 40; i++) {
        truth[i] = i < 20;
        z[i] = i < 20 ? 1 + 0.01 * (double)i : -1 - 0.01 * (double)i;
    }
    calibrate_binary(&scale, &shift, z, truth, 40);
    double p = 1 / (1 + exp(-(scale + shift)));
    assert_true(p > 0.9 && p < 0.98); /* Platt's targets: 21 / 22 */
}

/* ---- several classes --------------------------------------------------- */

static double softmax_loss(const double *z, const uint32_t *class,
                           double scale) {
    double sum = 0;
    for (size_t i = 0; i < COUNT; i++) {
        double total = 0;
        for (size_t k = 0; k < OUTPUTS; k++)
            total +=
                exp(scale * (z[i * OUTPUTS + k] - z[i * OUTPUTS + class[i]]));
        sum += log(total);
    }
    return sum;
}

static void temperatures_fit_best(void **state) {
    (void)state;
    double z[COUNT * OUTPUTS];
    uint32_t class[COUNT];
    static const double truth[] = {0.1, 1, 5, 30};
    uint64_t seed = 5;
    for (size_t t = 0; t < ARRAY_LENGTH(truth); t++) {
        for (size_t i = 0; i < COUNT; i++) {
            double p[OUTPUTS], sum = 0, chance = uniform(&seed);
            for (size_t k = 0; k < OUTPUTS; k++) {
                z[i * OUTPUTS + k] = normal(&seed) / truth[t];
                sum += p[k] = exp(truth[t] * z[i * OUTPUTS + k]);
            }
            class[i] = 0;
            while (class[i] + 1 < OUTPUTS && chance > p[class[i]] / sum)
                chance -= p[class[i]++] / sum;
        }
        double scale = calibrate_softmax(z, class, COUNT, OUTPUTS);
        double best = softmax_loss(z, class, scale);
        for (double other = 1e-3; other < 1e3; other *= 1.02)
            assert_true(softmax_loss(z, class, other) >= best - 1e-6);
        assert_true(fabs(scale / truth[t] - 1) < 0.3);
    }
    assert_true(calibrate_softmax(z, class, 0, OUTPUTS) == 1);
}

/* ---- thresholds -------------------------------------------------------- */

static double f1_at(const double *p, const uint8_t *truth, size_t count,
                    double threshold) {
    double correct = 0, predicted = 0, positives = 0;
    for (size_t i = 0; i < count; i++) {
        correct += truth[i] && p[i] >= threshold;
        predicted += p[i] >= threshold;
        positives += truth[i];
    }
    return predicted + positives > 0 ? 2 * correct / (predicted + positives)
                                     : 0;
}

static void thresholds_favour_f1(void **state) {
    (void)state;
    enum { MANY = 4000 };
    double *p = memory_new(MANY, sizeof *p), threshold;
    uint8_t *truth = memory_new(MANY, 1);
    for (uint64_t seed = 1; seed <= 6; seed++) {
        uint64_t chance = seed;
        double base = (double)seed / 8; /* from rare to common */
        for (size_t i = 0; i < MANY; i++) {
            p[i] = pow(uniform(&chance), 1 / base);
            truth[i] = uniform(&chance) < p[i];
        }
        assert_true(choose_threshold(&threshold, p, truth, MANY, 0.5));
        double best = 0;
        for (double other = 0.01; other < 1; other += 0.01)
            best = fmax(best, f1_at(p, truth, MANY, other));
        assert_true(threshold > 0 && threshold < 1);
        assert_true(f1_at(p, truth, MANY, threshold) > best - 0.01);
    }
    memory_free(p);
    memory_free(truth);
}

static void few_positives_hold_the_threshold_back(void **state) {
    (void)state;
    double p[COUNT], threshold;
    uint8_t truth[COUNT] = {0};
    for (size_t i = 0; i < COUNT; i++)
        p[i] = 0.3 * (double)i / COUNT;
    truth[COUNT - 1] = 1; /* alone at the top, at 0.299 */
    assert_true(choose_threshold(&threshold, p, truth, COUNT, 0.5));
    assert_true(threshold > 0.1 && threshold <= 0.5);
    assert_true(choose_threshold(&threshold, p, truth, 0, 0.5));
    assert_true(threshold == 0.5);
    memory_fail_at(1);
    assert_false(choose_threshold(&threshold, p, truth, COUNT, 0.5));
    memory_fail_at(0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_classes_fit_best),
        cmocka_unit_test(scores_that_tell_nothing_keep_their_order),
        cmocka_unit_test(separable_scores_stay_below_certainty),
        cmocka_unit_test(temperatures_fit_best),
        cmocka_unit_test(thresholds_favour_f1),
        cmocka_unit_test(few_positives_hold_the_threshold_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
