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
    return sum + scale - log(scale); /* the prior */
}

/* Classes drawn without a look at the scores, then those scored lowest. */
static void temperatures_keep_the_favoured_label(void **state) {
    (void)state;
    double z[COUNT * OUTPUTS];
    uint32_t class[COUNT];
    uint64_t seed = 8;
    for (size_t i = 0; i < COUNT * OUTPUTS; i++)
        z[i] = normal(&seed);
    for (size_t worst = 0; worst < 2; worst++) {
        for (size_t i = 0; i < COUNT; i++) {
            class[i] = (uint32_t)(random_next(&seed) % OUTPUTS);
            for (uint32_t k = 0; worst && k < OUTPUTS; k++)
                if (z[i * OUTPUTS + k] < z[i * OUTPUTS + class[i]])
                    class[i] = k;
        }
        for (size_t count = 5; count <= COUNT; count *= 60) {
            double scale = calibrate_softmax(z, class, count, OUTPUTS);
            assert_true(scale > (count == 5 ? 0.1 : 0.003) && scale < 1);
        }
    }
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

/* ---- any rising curve ---------------------------------------------------- */

static void isotonic_curves_rise_and_fit(void **state) {
    (void)state;
    enum { MANY = 6000 };
    double *z = memory_new(MANY, sizeof *z);
    uint8_t *truth = memory_new(MANY, 1);
    struct model_knot knots[KNOT_LIMIT];
    struct model_label label = {.scale = 1};
    size_t count;
    uint64_t chance = 5;
    for (size_t i = 0; i < MANY; i++) { /* two steps, no logistic curve */
        z[i] = uniform(&chance);
        double p = z[i] < 0.3 ? 0.05 : z[i] < 0.7 ? 0.5 : 0.9;
        truth[i] = uniform(&chance) < p;
    }
    assert_true(calibrate_isotonic(knots, &count, z, truth, MANY));
    assert_true(count >= 3 && count <= KNOT_LIMIT);
    for (size_t i = 1; i < count; i++) {
        assert_true(knots[i].score > knots[i - 1].score);
        assert_true(knots[i].probability >= knots[i - 1].probability);
    }
    const float expected[][2] = {
        {-1, 0.05f}, {0.1f, 0.05f}, {0.5f, 0.5f}, {0.85f, 0.9f}, {2, 0.9f}};
    for (size_t i = 0; i < ARRAY_LENGTH(expected); i++) {
        float p = label_probability(&label, knots, count, expected[i][0]);
        assert_true(fabsf(p - expected[i][1]) < 0.05f);
    }
    memory_fail_at(2);
    assert_false(calibrate_isotonic(knots, &count, z, truth, MANY));
    memory_fail_at(0);
    memory_free(z);
    memory_free(truth);
}

static void isotonic_curves_pool_by_hand(void **state) {
    (void)state;
    /* shares 0, (1 + 0) / 2 pooled, 1: few rows are joined to two or more */
    const double z[] = {1, 2, 3, 4, 5, 6, 6, 6};
    const uint8_t truth[] = {0, 0, 1, 0, 1, 1, 1, 1};
    struct model_knot knots[KNOT_LIMIT];
    size_t count;
    assert_true(calibrate_isotonic(knots, &count, z, truth, 8));
    assert_int_equal(count, 3);
    const float scores[] = {1.5f, 3.5f, 5.75f};
    const float probabilities[] = {0.5f / 3, 1.5f / 3, 4.5f / 5};
    for (size_t i = 0; i < count; i++) {
        assert_true(fabsf(knots[i].score - scores[i]) < 1e-6f);
        assert_true(fabsf(knots[i].probability - probabilities[i]) < 1e-6f);
    }
    assert_true(calibrate_isotonic(knots, &count, z, truth, 0));
    assert_int_equal(count, 0);
}

/* ---- thresholds -------------------------------------------------------- */

static const struct threshold_goal f1_goal = {GOAL_F1, 0};

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
        assert_true(choose_threshold(&threshold, p, truth, MANY, &f1_goal));
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
    assert_true(choose_threshold(&threshold, p, truth, COUNT, &f1_goal));
    assert_true(threshold > 0.1 && threshold <= 0.5);
    assert_true(choose_threshold(&threshold, p, truth, 0, &f1_goal));
    assert_true(threshold == 0.5);
    memory_fail_at(1);
    assert_false(choose_threshold(&threshold, p, truth, COUNT, &f1_goal));
    memory_fail_at(0);
}

static void thresholds_reach_what_is_asked(void **state) {
    (void)state;
    enum { MANY = 4000 };
    double *p = memory_new(MANY, sizeof *p), threshold;
    uint8_t *truth = memory_new(MANY, 1);
    uint64_t chance = 3;
    double positives = 0;
    for (size_t i = 0; i < MANY; i++) {
        p[i] = uniform(&chance);
        truth[i] = uniform(&chance) < p[i];
        positives += truth[i];
    }
    const struct threshold_goal goals[] = {{GOAL_PRECISION, 0.9},
                                           {GOAL_RECALL, 0.9},
                                           {GOAL_PRECISION, 0.7}};
    for (size_t g = 0; g < ARRAY_LENGTH(goals); g++) {
        double found = 0, correct = 0;
        assert_true(choose_threshold(&threshold, p, truth, MANY, &goals[g]));
        for (size_t i = 0; i < MANY; i++) {
            found += p[i] >= threshold;
            correct += p[i] >= threshold && truth[i];
        }
        double reached = correct / (goals[g].kind == GOAL_RECALL ? positives
                                                                 : found);
        assert_true(reached >= goals[g].value);
        assert_true(reached < goals[g].value + 0.02); /* and no more */
    }
    const struct threshold_goal fixed = {GOAL_FIXED, 0.37};
    assert_true(choose_threshold(&threshold, p, truth, MANY, &fixed));
    assert_true(threshold == 0.37);
    const struct threshold_goal sure = {GOAL_PRECISION, 1};
    assert_true(choose_threshold(&threshold, p, truth, MANY, &sure));
    assert_true(threshold == 1); /* can't be promised: nothing holds */
    memory_free(p);
    memory_free(truth);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_classes_fit_best),
        cmocka_unit_test(scores_that_tell_nothing_keep_their_order),
        cmocka_unit_test(separable_scores_stay_below_certainty),
        cmocka_unit_test(temperatures_fit_best),
        cmocka_unit_test(temperatures_keep_the_favoured_label),
        cmocka_unit_test(isotonic_curves_rise_and_fit),
        cmocka_unit_test(isotonic_curves_pool_by_hand),
        cmocka_unit_test(thresholds_favour_f1),
        cmocka_unit_test(thresholds_reach_what_is_asked),
        cmocka_unit_test(few_positives_hold_the_threshold_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
