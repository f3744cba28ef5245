/* loss: slopes and curvatures against finite differences; far-out scores. */
#include "train.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static double uniform(uint64_t *state) {
    return (double)(random_next(state) >> 11) / 9007199254740992.0;
}

static void check_loss(const double *z, size_t outputs, uint32_t class) {
    enum { MOST = 5 };
    double p[MOST], slope[MOST], curve[MOST], moved[MOST], near[MOST];
    double step = 1e-5, sum = 0;
    loss_probability(z, outputs, p);
    loss_slope(p, outputs, class, slope);
    for (size_t j = 0; j < outputs; j++) {
        sum += p[j];
        memcpy(moved, z, outputs * sizeof *z);
        moved[j] = z[j] + step;
        double above = loss_value(moved, outputs, class);
        moved[j] = z[j] - step;
        double below = loss_value(moved, outputs, class);
        assert_true(fabs((above - below) / (2 * step) - slope[j]) < 1e-8);
    }
    assert_true(outputs == 1 ? p[0] > 0 && p[0] < 1 : fabs(sum - 1) < 1e-12);

    double v[MOST] = {0.3, -1.2, 0.7, 2, -0.4}; /* H v: the slope's change */
    loss_curve(p, outputs, v, curve);
    for (size_t j = 0; j < outputs; j++)
        moved[j] = z[j] + step * v[j];
    loss_probability(moved, outputs, p);
    loss_slope(p, outputs, class, moved);
    for (size_t j = 0; j < outputs; j++)
        near[j] = z[j] - step * v[j];
    loss_probability(near, outputs, p);
    loss_slope(p, outputs, class, near);
    for (size_t j = 0; j < outputs; j++)
        assert_true(fabs((moved[j] - near[j]) / (2 * step) - curve[j]) < 1e-8);
}

static void losses_agree_with_finite_differences(void **state) {
    (void)state;
    uint64_t chance = 1;
    for (size_t round = 0; round < 50; round++)
        for (size_t outputs = 1; outputs <= 5; outputs++) {
            double z[5];
            for (size_t j = 0; j < outputs; j++)
                z[j] = 6 * uniform(&chance) - 3;
            for (uint32_t class = 0; class < (outputs == 1 ? 2 : outputs);
                 class ++)
                check_loss(z, outputs, class);
        }
}

static void losses_stay_finite_far_out(void **state) {
    (void)state;
    const double far[] = {1000, -1000, 0};
    double p[3];
    assert_true(fabs(loss_value(far, 1, 0) - 1000) < 1e-9);
    assert_true(loss_value(far, 1, 1) == 0);
    assert_true(fabs(loss_value(far + 1, 1, 1) - 1000) < 1e-9);
    assert_true(fabs(loss_value(far, 3, 1) - 2000) < 1e-9);
    assert_true(fabs(loss_value(far, 3, 0)) < 1e-9);
    loss_probability(far, 3, p);
    assert_true(p[0] == 1 && p[1] == 0 && p[2] == 0);
    loss_probability(far + 1, 1, p);
    assert_true(p[0] >= 0 && p[0] < 1e-300);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(losses_agree_with_finite_differences),
        cmocka_unit_test(losses_stay_finite_far_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
