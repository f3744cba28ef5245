/* What a search has seen so far: the figures of every setting on every fold,
 * which settings are out of the race, and which lead it.
 *
 * The rule of one standard error: of the costs that are behind the best by no
 * more than that, the lowest; what is plainer holds up better on text unlike the
 * corpus. The error is that of the difference, fold by fold: the folds
 * themselves are not equally hard. Sources: Breiman, Friedman, Olshen & Stone,
 * "Classification and Regression Trees", 1984, section 3.4.3; Yates, Richards &
 * Brook, "Parsimonious model selection using information theory: a modified
 * selection rule", Ecology 102, 2021.
 *
 * A fold may say nothing of a task: where none of its paragraphs is labelled
 * for it. Such a fold counts as run, and leaves the mean as it is. */
#include "search.h"

#include <math.h>

/* A mean that is this many standard errors behind is hopeless. */
static const double HOPELESS = 2;
/* Methods of a task that see a second fold; half as many see the third, and so
 * on, but for these. */
enum { RUNNERS = 6, LAST_RUNNERS = 2 };

bool race_start(struct race *race) {
    size_t count = race->feature_count * race->method_count * race->tasks;
    race->entries = memory_new(count, sizeof *race->entries);
    for (size_t i = 0; race->entries && i < count; i++)
        race->entries[i].active = true;
    return race->entries;
}

void race_clear(struct race *race) {
    memory_free(race->entries);
    race->entries = NULL;
}

struct race_entry *race_entry(const struct race *race, size_t features,
                              size_t method, size_t task) {
    return race->entries +
           (features * race->method_count + method) * race->tasks + task;
}

/* Folds that say something; their sum. */
static size_t told(const struct race_entry *entry, double *sum) {
    size_t count = 0;
    *sum = 0;
    for (size_t f = 0; f < entry->folds; f++)
        if (!isnan(entry->figures[f])) {
            *sum += entry->figures[f];
            count++;
        }
    return count;
}

double race_mean(const struct race_entry *entry) {
    double sum;
    size_t count = told(entry, &sum);
    return count ? sum / (double)count : entry->folds ? 0 : -1;
}

double race_deviation(const struct race_entry *entry) {
    double sum, squares = 0, centre = race_mean(entry);
    size_t count = told(entry, &sum);
    for (size_t f = 0; f < entry->folds; f++)
        if (!isnan(entry->figures[f]))
            squares += (entry->figures[f] - centre) *
                       (entry->figures[f] - centre);
    return count > 1 ? sqrt(squares / (double)(count - 1)) : 0;
}

/* The standard error of a difference between figures near `best` on this part
 * of the folds; paired: the methods err on much the same rows. */
static double difference_error(const struct race *race, size_t task,
                               double best, size_t folds) {
    double rows =
        (double)race->labelled[task] * (double)folds / (double)race->folds;
    return sqrt(best * (1 - best) / fmax(rows, 1) / 2);
}

void race_drop_hopeless(struct race *race, size_t features, size_t task) {
    double best = -1, sum;
    size_t judged = 0;
    for (size_t m = 0; m < race->method_count; m++) {
        const struct race_entry *entry = race_entry(race, features, m, task);
        if (entry->active && race_mean(entry) > best) {
            best = race_mean(entry);
            judged = told(entry, &sum);
        }
    }
    if (judged == 0)
        return;
    double error = difference_error(race, task, best, judged);
    for (size_t m = 0; m < race->method_count; m++) {
        struct race_entry *entry = race_entry(race, features, m, task);
        entry->active =
            entry->active && race_mean(entry) >= best - HOPELESS * error;
    }
}

void race_drop_beaten(struct race *race, size_t features, size_t task) {
    for (size_t m = 0; m < race->method_count && features > 0; m++) {
        bool active = false;
        for (size_t i = 0; i < features; i++)
            active = active || race_entry(race, i, m, task)->active;
        race_entry(race, features, m, task)->active = active;
    }
}

/* The set of features before this one on which a method does best for a task;
 * SIZE_MAX: none. */
static size_t best_before(const struct race *race, size_t features,
                          size_t method, size_t task) {
    size_t best = SIZE_MAX;
    double highest = -1;
    for (size_t i = 0; i < features; i++) {
        double here = race_mean(race_entry(race, i, method, task));
        if (here > highest) {
            best = i;
            highest = here;
        }
    }
    return best;
}

size_t race_favourite(const struct race *race, size_t features, size_t task) {
    size_t favourite = SIZE_MAX;
    double highest = -1;
    for (size_t m = 0; m < race->method_count; m++) {
        size_t i = best_before(race, features, m, task);
        if (i != SIZE_MAX &&
            race_mean(race_entry(race, i, m, task)) > highest) {
            favourite = m;
            highest = race_mean(race_entry(race, i, m, task));
        }
    }
    return favourite;
}

void race_drop_unpromising(struct race *race, size_t features) {
    double behind = 0, error = 0;
    for (size_t t = 0; t < race->tasks; t++) {
        size_t favourite = race_favourite(race, features, t);
        if (favourite == SIZE_MAX)
            return;
        const struct race_entry *here =
            race_entry(race, features, favourite, t);
        if (here->folds == 0)
            return;
        size_t before = best_before(race, features, favourite, t);
        double best = race_mean(race_entry(race, before, favourite, t));
        behind += best - race_mean(here);
        error += difference_error(race, t, best, 1);
    }
    /* the errors are added: the tasks are judged on the same rows */
    for (size_t m = 0; m < race->method_count && behind > HOPELESS * error; m++)
        for (size_t t = 0; t < race->tasks; t++)
            race_entry(race, features, m, t)->active = false;
}

void race_keep_runners(struct race *race, size_t features, size_t task,
                       size_t folds) {
    double means[SEARCH_METHODS];
    size_t most = RUNNERS >> (folds - 1);
    if (most < LAST_RUNNERS)
        most = LAST_RUNNERS;
    for (size_t m = 0; m < race->method_count; m++) {
        const struct race_entry *entry = race_entry(race, features, m, task);
        means[m] = entry->active ? race_mean(entry) : -1;
    }
    for (size_t m = 0; m < race->method_count; m++) {
        size_t ahead = 0, of_its_kind = 0;
        for (size_t n = 0; n < race->method_count; n++)
            if (means[n] > means[m] || (means[n] == means[m] && n < m)) {
                ahead++;
                of_its_kind += race->methods[n].kind == race->methods[m].kind;
            }
        if (ahead >= most && of_its_kind > 0)
            race_entry(race, features, m, task)->active = false;
    }
}

size_t race_active(const struct race *race, size_t features) {
    size_t count = 0;
    for (size_t m = 0; m < race->method_count; m++)
        for (size_t t = 0; t < race->tasks; t++)
            count += race_entry(race, features, m, t)->active;
    return count;
}

/* ---- who leads --------------------------------------------------------------- */
/* The best method of a task on a set of features, of one kind or of any
 * (MODEL_KINDS); SIZE_MAX: none is judged. More folds come first: figures of
 * few folds are lucky more often. */
static size_t best_of_kind(const struct race *race, size_t features,
                           size_t task, enum model_kind kind) {
    size_t best = SIZE_MAX;
    for (size_t m = 0; m < race->method_count; m++) {
        const struct race_entry *here = race_entry(race, features, m, task);
        if (here->folds == 0 ||
            (kind != MODEL_KINDS && race->methods[m].kind != kind))
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
    return best_of_kind(race, features, task, MODEL_KINDS);
}

static bool saw_all(const struct race *race, size_t features, size_t method,
                    size_t task) {
    return race_entry(race, features, method, task)->folds == race->folds;
}

/* Whether method m is n at a lower cost. */
static bool is_plainer(const struct race *race, size_t m, size_t n) {
    return race->methods[m].kind == race->methods[n].kind &&
           race->methods[m].ratios == race->methods[n].ratios &&
           race->methods[m].cost < race->methods[n].cost;
}

void race_enter_lower_costs(struct race *race, size_t features, size_t task) {
    for (size_t m = 0; m < race->method_count; m++) {
        bool enters = false;
        for (int kind = 0; kind < MODEL_KINDS; kind++) {
            size_t best =
                best_of_kind(race, features, task, (enum model_kind)kind);
            enters = enters || (best != SIZE_MAX &&
                                saw_all(race, features, best, task) &&
                                is_plainer(race, m, best));
        }
        race_entry(race, features, m, task)->active = enters;
    }
}

/* Whether an entry is behind the best by no more than one standard error of
 * their difference over the folds. */
static bool within_one_se(const struct race_entry *entry,
                          const struct race_entry *best) {
    double sum = 0, squares = 0;
    size_t count = 0;
    for (size_t f = 0; f < best->folds; f++) {
        double behind = best->figures[f] - entry->figures[f];
        if (isnan(behind))
            continue;
        sum += behind;
        squares += behind * behind;
        count++;
    }
    if (count < 2)
        return sum <= 0;
    double mean = sum / (double)count;
    double variance = (squares - mean * sum) / (double)(count - 1);
    return mean <= sqrt(fmax(variance, 0) / (double)count);
}

/* The lowest cost at which a method is within one standard error. */
static size_t plainest(const struct race *race, size_t features, size_t method,
                       size_t task) {
    const struct race_entry *best = race_entry(race, features, method, task);
    size_t plain = method;
    for (size_t m = 0; m < race->method_count; m++)
        if (is_plainer(race, m, plain) && saw_all(race, features, m, task) &&
            within_one_se(race_entry(race, features, m, task), best))
            plain = m;
    return plain;
}

struct task_plan race_plan(const struct race *race, size_t features,
                           size_t task) {
    size_t best = race_best_method(race, features, task);
    size_t methods[1 + MODEL_KINDS] = {best}, count = 1;
    for (int kind = 0; kind < MODEL_KINDS; kind++) {
        size_t other =
            best_of_kind(race, features, task, (enum model_kind)kind);
        if (other != SIZE_MAX &&
            race->methods[other].kind != race->methods[best].kind &&
            saw_all(race, features, other, task))
            methods[count++] = other;
    }
    struct task_plan plan = {0};
    for (size_t i = 0; i < count && i < METHOD_LIMIT; i++) {
        size_t m = race->one_se && saw_all(race, features, methods[i], task)
                       ? plainest(race, features, methods[i], task)
                       : methods[i];
        plan.methods[plan.method_count++] = race->methods[m];
    }
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
    return (count + 2) / 3;
}
