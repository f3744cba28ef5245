/* kind and furniture: what the words alone tell, and what they must not. */
#include "text/article.h"

#include "article_helpers.h"

static void assert_kind(const char *text, enum paragraph_kind kind) {
    struct slice slice = {text, strlen(text)};
    enum paragraph_kind found = paragraph_classify_kind(slice, PARAGRAPH_PROSE);
    if (found != kind)
        print_error("%s\n", text);
    assert_int_equal(found, kind);
}

/* ---- words alone -------------------------------------------------------- */

static void headings_by_words(void **state) {
    (void)state;
    static const char *const headings[] = {
        "Storm closes harbour for third day",
        "The Town That Would Not Sleep",
        "STORM IN THE NORTH",
        "STORM HITS U.S. COAST.",
        "Who is Anna Berg?",
        "Are All Towns Now Harbour Towns?",
        "Anna Maria Berg:",
        "Key findings:",
        "Сильный шторм закрыл порт",
        "暴风雨关闭港口",
    };
    static const char *const prose[] = {
        "The harbour is closed.",
        "“The harbour is closed,” she said.",
        "“The harbour is closed.”",
        "Good morning.",
        "Citizens!",
        "40 ships.",
        "Will we stop the storm before it is too late for us all?",
        "The measures that were agreed today cover:",
        "and then it rained",
        "The harbour was closed yesterday. Nobody sailed",
        "A storm is in the sea, we sit in it as if it is of no use to us all",
        "暴风雨关闭了港口。",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(headings); i++)
        assert_kind(headings[i], PARAGRAPH_HEADING);
    for (size_t i = 0; i < ARRAY_LENGTH(prose); i++)
        assert_kind(prose[i], PARAGRAPH_PROSE);
}

static void furniture_by_words(void **state) {
    (void)state;
    static const char *const furniture[] = {
        "Leave a Reply",
        "Scroll to Top",
        "Listen to this article",
        "Related Articles",
        "RELATED: Storm closes the harbour",
        "Share on Facebook",
        "Sign up for our weekly newsletter",
        "Sign up for free",
        "Advertisement",
        "ADVERTISEMENT",
        "Read more: How the harbour was built",
        "Read more",
        "Read More…",
        "▶ Watch: the storm from above",
        "Click here to download the Example app",
        "Clickhereto see the map.",
        "CLICK HERE FOR THE EXAMPLE APP",
        "Don’t miss",
        "Don't miss",
        "We use cookies to make this site work. By staying you agree.",
        "© 2024 The Example. No copying.",
        "Copyright 2024 The Example",
        "Copyright © The Example",
        "The Example. All rights reserved.",
        "Photo: Anna Berg/Example",
        "Tom Field/Example via Getty Images",
        "The Example Agency contributed to this report.",
        "The views expressed here are the author's and not necessarily ours.",
        "A letter about the sea, delivered to your inbox.",
        "IMG_1234.jpg",
        "storm-2.final.PNG",
        "https://example.org/a?b=c",
        "www.example.org",
        "example.org/2024/storm",
        "anna@example.org",
        "E-mail: anna@example.org",
        "12",
        "Page 3 of 7",
        "3 / 7",
        "20 May 2024",
        "May 20, 2024",
        "Monday, 20 May 2024, 10:30 GMT",
        "2024-05-20",
        "20.05.2024",
        "2024-05-20T10:30:00Z",
        "Published 3 hours ago",
        "Updated 10:32 AM EDT, Mon May 20, 2024",
        "May 20, 2024 at 9:15 a.m.",
        "5 min read",
        "By Anna Berg",
        "By Anna Berg and Tom Field",
        "BY ANNA BERG",
        "By Reuters Staff",
        "By Anna de Berg Field in Bergen",
        "Anna Berg, Senior Editor",
        "Anna Berg, chief political correspondent",
        "Anna Maria Berg, High Representative for the Sea and Harbours",
        "12 Comments",
        "Comments (12)",
        "1.2K shares",
        "* * *",
        "…",
        "Annual report 2023 [340 KB]",
        "Home",
        "News",
        "Privacy Policy",
        "Skip to main content",
        "Reporting by Anna Berg; Editing by Tom Field",
        "Visit example.org to learn more.",
        "Your email address will not be published. Required fields are *",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(furniture); i++)
        assert_kind(furniture[i], PARAGRAPH_FURNITURE);
}

/* Sentences that begin or end as furniture does. */
static void sentences_are_no_furniture(void **state) {
    (void)state;
    static const char *const kept[] = {
        "Related articles of the treaty were dropped last year.",
        "Share on share, the port bought back what it had sold.",
        "By continuing to use the old harbour, the town risks its ferries.",
        "By Monday evening the storm had passed.",
        "By Land and Sea",
        "Copyright law is what the two sides fight about.",
        "The views expressed by the minister shocked the town.",
        "Sign up for the army, the poster said.",
        "Read more about the storm in the old books, the teacher said.",
        "More from the north arrived on Monday.",
        "May 20, 2024 was the day on which the storm began.",
        "In May 2024 he left.",
        "The storm of 20 May 2024.",
        "Anna Berg, who is a senior editor, left the town.",
        "Anna Berg, senior editor of the paper, left.",
        "North Island, Russian minister discuss ferries",
        "In The Harbour Paper, Chairman Says It Is Over",
        "He wrote to anna@example.org and got no answer from her.",
        "The paper example.org reported it.",
        "Comments by the mayor were not welcome.",
        "Source of the storm was a low over the sea.",
        "Advertisement for the ferry was found in the sea.",
        "Subscribe to that theory and you will drown.",
        "Follow us, the pilot said to the ferries.",
        "Photo by photo, the town learned what had happened.",
        "The Example contributed to this report of the mayor in many ways.",
        "Next week the ferries sail again.",
        "Home is where the harbour is.",
        "Menu prices rose by a tenth.",
        "24 hours",
        "Leave a comment in the old book of the sea",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(kept); i++) {
        struct slice text = {kept[i], strlen(kept[i])};
        if (paragraph_classify_kind(text, PARAGRAPH_PROSE) ==
            PARAGRAPH_FURNITURE)
            fail_msg("furniture: %s", kept[i]);
    }
}

static void assert_sorted(struct phrase_list list) {
    for (size_t i = 1; i < list.count; i++)
        assert_true(strcmp(list.phrases[i - 1], list.phrases[i]) < 0);
}

/* They are looked up by halving. */
static void phrases_are_sorted(void **state) {
    (void)state;
    assert_sorted(phrase_labels);
    assert_sorted(phrase_starts);
    assert_sorted(phrase_ends);
}

/* Every phrase, written as pages write it, is found. */
static void every_phrase_is_found(void **state) {
    (void)state;
    const struct phrase_list lists[] = {phrase_labels, phrase_starts};
    for (size_t i = 0; i < ARRAY_LENGTH(lists); i++)
        for (size_t j = 0; j < lists[i].count; j++) {
            char text[200] = "";
            for (const char *p = lists[i].phrases[j];
                 !strchr("$~0123456789", *p); p++)
                snprintf(text + strlen(text), 20, "%s",
                         *p == '#'   ? "12"
                         : *p == '*' ? "of the "
                                     : (char[]){*p, '\0'});
            assert_kind(text, PARAGRAPH_FURNITURE);
            text[0] = (char)(text[0] >= 'a' ? text[0] - 32 : text[0]);
            assert_kind(text, PARAGRAPH_FURNITURE);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headings_by_words),
        cmocka_unit_test(furniture_by_words),
        cmocka_unit_test(sentences_are_no_furniture),
        cmocka_unit_test(phrases_are_sorted),
        cmocka_unit_test(every_phrase_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
