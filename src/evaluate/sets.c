/* How sets of answers hold up: how often the true answer is in them, how often
 * they leave no choice, and how often they are right then. */
#include "evaluate/evaluate.h"

struct tally {
    size_t sets, covered, sure, right;
};

static void add_set(struct tally *tally, size_t answers, bool covered) {
    tally->sets++;
    tally->covered += covered;
    tally->sure += answers == 1;
    tally->right += answers == 1 && covered;
}

static void add_row(struct tally *tally, const struct evaluate_input *input,
                    size_t row) {
    const uint8_t *truth = input->truth + row * input->labels;
    const uint8_t *possible = input->possible + row * input->labels;
    size_t answers = 0;
    bool covered = false;
    for (size_t k = 0; k < input->labels; k++) {
        bool yes = possible[k] & ANSWER_YES, no = possible[k] & ANSWER_NO;
        if (input->multi)
            add_set(tally, (size_t)yes + no, truth[k] ? yes : no);
        answers += yes;
        covered = covered || (truth[k] && yes);
    }
    if (!input->multi)
        add_set(tally, answers, covered);
}

void evaluate_sets(struct task_metrics *metrics,
                   const struct evaluate_input *input) {
    struct tally tally = {0};
    if (!input->possible)
        return;
    for (size_t i = 0; i < input->rows; i++)
        add_row(&tally, input, i);
    metrics->has_sets = true;
    if (tally.sets) {
        metrics->coverage = (double)tally.covered / (double)tally.sets;
        metrics->sure = (double)tally.sure / (double)tally.sets;
    }
    if (tally.sure)
        metrics->sure_accuracy = (double)tally.right / (double)tally.sure;
}
