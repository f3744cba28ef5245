/* Who leads a search's race: the best method of a task, what a plan is made of,
 * the best sets of features.
 *
 * Folds say how well a setting does on text like the corpus. Of costs that are
 * much the same there the lowest, the plainest model, often holds up better on
 * other text; a leeway settles for it. Source: Kuhn, "Building predictive
 * models in R using the caret package", Journal of Statistical Software 28,
 * 2008 (selection by tolerance). */
#include "search.h"

/* Sets of features that see other folds, at most. */
enum { FINALISTS = 3 };

/* The best method of a task on a set of features, of one family or of any
 * (RACE_FAMILIES); SIZE_MAX: none is judged. More folds come first: figures of
 * few folds are lucky more often. */
static size_t best_of_family(const struct race *race, size_t features,
                             size_t task, size_t family) {
    size_t best = SIZE_MAX;
    for (size_t m = 0; m < race->method_count; m++) {
        const struct race_entry *here = race_entry(race, features, m, task);
        if (here->folds == 0 ||
            (family != RACE_FAMILIES && race_family(race, m) != family))
            continue;
        const struct race_entry *there =
            best == SIZE_MAX ? NULL : race_entry(race, features, best, task);
        if (!there || here->folds > there->folds ||
            (here->folds == there->folds &&
             race_mean(here) > race_mean(there)))
            best = m;
    }
    return best;
}

size_t race_best_method(const struct race *race, size_t features,
                        size_t task) {
    return best_of_family(race, features, task, RACE_FAMILIES);
}

static bool saw_all(const struct race *race, size_t features, size_t method,
                    size_t task) {
    return race_entry(race, features, method, task)->folds == race->folds;
}

/* Whether method m is n at a lower cost. */
static bool is_plainer(const struct race *race, size_t m, size_t n) {
    return race_family(race, m) == race_family(race, n) &&
           race->methods[m].cost < race->methods[n].cost;
}

void race_enter_lower_costs(struct race *race, size_t features, size_t task) {
    for (size_t m = 0; m < race->method_count; m++) {
        bool enters = false;
        for (size_t family = 0; family < RACE_FAMILIES; family++) {
            size_t best = best_of_family(race, features, task, family);
            enters = enters || (best != SIZE_MAX &&
                                saw_all(race, features, best, task) &&
                                !saw_all(race, features, m, task) &&
                                is_plainer(race, m, best));
        }
        race_entry(race, features, m, task)->active = enters;
    }
}

/* The next lower cost of a method; SIZE_MAX: there is none. */
static size_t next_plainer(const struct race *race, size_t method) {
    size_t next = SIZE_MAX;
    for (size_t m = 0; m < race->method_count; m++)
        if (is_plainer(race, m, method) &&
            (next == SIZE_MAX || is_plainer(race, next, m)))
            next = m;
    return next;
}

/* The lowest cost of a method down to which all keep within the leeway. */
static size_t plainest(const struct race *race, size_t features, size_t method,
                       size_t task) {
    double least = race_mean(race_entry(race, features, method, task)) *
                   (1 - race->leeway);
    size_t plain = method, next = next_plainer(race, method);
    while (next != SIZE_MAX && saw_all(race, features, next, task) &&
           race_mean(race_entry(race, features, next, task)) >= least) {
        plain = next;
        next = next_plainer(race, plain);
    }
    return plain;
}

struct task_plan race_plan(const struct race *race, size_t features,
                           size_t task) {
    size_t methods[RACE_FAMILIES], count = 0;
    size_t best = race_best_method(race, features, task);
    for (size_t family = 0; family < RACE_FAMILIES; family++) {
        size_t m = best_of_family(race, features, task, family);
        if (m == SIZE_MAX)
            continue;
        bool whole = saw_all(race, features, m, task);
        if (whole && race->leeway > 0)
            m = plainest(race, features, m, task);
        else if (!whole && m != best)
            continue;
        /* the leeway may have turned them round: without a blend the first one
         * stays */
        double here = race_mean(race_entry(race, features, m, task));
        size_t place = count++;
        for (; place > 0; place--) {
            size_t before = methods[place - 1];
            if (race_mean(race_entry(race, features, before, task)) >= here)
                break;
            methods[place] = before;
        }
        methods[place] = m;
    }
    struct task_plan plan = {0};
    for (size_t i = 0; i < count; i++)
        plan.methods[plan.method_count++] = race->methods[methods[i]];
    return plan;
}

double race_merit(const struct race *race, size_t features, size_t *folds) {
    double sum = 0;
    *folds = 0;
    for (size_t t = 0; t < race->tasks; t++) {
        size_t m = race_best_method(race, features, t);
        if (m == SIZE_MAX)
            return -1;
        const struct race_entry *entry = race_entry(race, features, m, t);
        sum += race_mean(entry);
        *folds += entry->folds;
    }
    return sum / (double)race->tasks;
}

/* The best figure of a task on the first folds; -1: none saw them. */
static double best_of_first(const struct race *race, size_t features,
                            size_t task, size_t folds) {
    double best = -1;
    for (size_t m = 0; m < race->method_count; m++) {
        const struct race_entry *entry = race_entry(race, features, m, task);
        if (entry->folds >= folds && race_mean_of_first(entry, folds) > best)
            best = race_mean_of_first(entry, folds);
    }
    return best;
}

bool race_trails(const struct race *race, size_t features, size_t leader,
                 size_t folds) {
    double ahead = 0;
    for (size_t t = 0; t < race->tasks; t++)
        ahead += best_of_first(race, leader, t, folds) -
                 best_of_first(race, features, t, folds);
    return ahead > 0;
}

size_t race_best_features(const struct race *race) {
    size_t best = SIZE_MAX, most = 0;
    double highest = -1;
    for (size_t i = 0; i < race->feature_count; i++) {
        size_t folds;
        double here = race_merit(race, i, &folds);
        if (here < 0)
            continue;
        if (best == SIZE_MAX || folds > most ||
            (folds == most && here > highest)) {
            best = i;
            most = folds;
            highest = here;
        }
    }
    return best;
}

size_t race_finalists(const struct race *race, size_t out[SEARCH_FEATURES]) {
    double merits[SEARCH_FEATURES];
    size_t count = 0, folds;
    for (size_t i = 0; i < race->feature_count; i++) {
        double here = race_merit(race, i, &folds);
        size_t place = count++;
        for (; place > 0 && merits[place - 1] < here; place--) {
            merits[place] = merits[place - 1];
            out[place] = out[place - 1];
        }
        merits[place] = here;
        out[place] = i;
    }
    count = (count + 2) / 3;
    return count < FINALISTS ? count : FINALISTS;
}
