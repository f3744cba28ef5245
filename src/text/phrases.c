/* What pages say around an article, in English, for furniture.c to look up.
 *
 * A phrase is what a paragraph begins with, in small letters without
 * punctuation, save a colon. In it stand # for a number and * for any words; at
 * its end $ says that the paragraph ends there too, ~ that the paragraph is no
 * finished sentence, and a number how many words the paragraph may have. Each
 * list is sorted as strcmp sorts.
 *
 * A phrase belongs here if no sentence of an article can begin with it under
 * these conditions: "read more:" does, "read more" without $ does not. */
#include "text/article.h"

/* Announce links to other articles. */
static const char *const labels[] = {
    /* a to l */
    "also read$", "also read:40", "around the web$", "dont miss$",
    "editors choice$", "editors picks$", "from around the web$",
    "from our partners$", "further reading$", "in case you missed it$",
    "keep reading$", "latest articles$", "latest news$", "latest posts$",
    "latest stories$",
    /* m to q */
    "more articles~5", "more from~6", "more news$", "more on this story$",
    "more on this topic$", "more on this$", "more stories~5", "most popular$",
    "most read$", "most viewed$", "other topics of interest60",
    "popular articles$", "popular now$", "popular posts$", "promoted stories$",
    /* r to z */
    "read also$", "read also:40", "read more about~20", "read more on~20",
    "read more:40", "read next$", "read next:30", "readers also~6",
    "recent articles$", "recent posts$", "recommended articles$",
    "recommended by~5", "recommended for you$", "recommended reading$",
    "recommended stories$", "recommended$", "related articles~8",
    "related content~8", "related coverage~8", "related links~8",
    "related news~8", "related posts~8", "related reading~8",
    "related stories~8", "related topics~8", "related$", "related:~30",
    "see also$", "see also:40", "sponsored stories$", "top stories$",
    "trending now$", "trending stories$", "trending$", "up next$",
    "watch next$", "what to read next$", "you may also be interested in$",
    "you may also like$", "you may be interested in$", "you might also like$",
    "you might be interested in$"};

static const char *const phrases[] = {
    /* numbers */
    "# comment$", "# comments$", "# likes$", "# min listen$", "# replies$",
    "# shares$", "# views$",
    /* a */
    "about us$", "accept all cookies$", "accept all$", "accept cookies$",
    "accept$", "accessibility$", "ad feedback$", "ad$", "add a comment~6",
    "add your comment~6", "additional reporting by20", "ads$",
    "advertise with us$", "advertise$", "advertisement$", "advertisement~6",
    "advertising$", "afp$", "all rights reserved50", "already a subscriber8",
    "already have an account8", "analysis by~8", "ap photo~8",
    "article continues after6", "article continues below6",
    /* b */
    "back to top$", "be the first to comment8", "become a member$",
    "become a patron8", "bookmark$", "breaking news$",
    "by continuing to browse40", "by continuing to use *site40",
    "by continuing to use *website40", "by using this site40",
    "by using this website40",
    /* c */
    "careers$", "categories:~20", "category:~20", "click here to60",
    "click here60", "close$", "comments #$", "comments are closed5",
    "comments are off8", "comments$", "contact us$", "contact$",
    "continue reading below6", "continue reading$", "cookie policy$",
    "cookie preferences$", "cookie settings$", "copy link$", "copyright #50",
    "copyright *all rights reserved50", "copyright c #50",
    "create a free account10", "create an account$", "credit:~12",
    /* d */
    "do not sell my~8", "donate now$", "donate$", "download our *app15",
    "download the *app$12",
    /* e */
    "edited by~6", "editing by~10", "email this~5", "enter your email12",
    "explore our new12",
    /* f */
    "facebook$", "file photo$", "filed under~20", "find out more$",
    "find us on10", "follow *on facebook$12", "follow *on instagram$12",
    "follow *on twitter$12", "follow *on x$12", "follow us~15", "font size$",
    "for more information *please30", "for more information *visit25",
    "for more information contact25",
    /* g */
    "get *inbox25", "get *newsletter$15", "get instant alerts25",
    "get our *app10", "get the *app$8", "getty images$", "gift this article5",
    "go to top$",
    /* h */
    "home$",
    /* i */
    "illustration by~10", "illustration:~12", "image credit~12",
    "image source~12", "image:~15", "in this article$", "instagram$",
    /* j */
    "join our telegram15", "join our whatsapp15", "join the conversation$",
    "join the discussion$", "join us on10",
    /* l */
    "learn more$", "leave a comment~6", "leave a reply~6", "leave a response~6",
    "like us on10", "link copied~5", "linkedin$", "listen now$",
    "listen to article6", "listen to the article6", "listen to this article8",
    "listen to this story8", "listen$", "listen:~25", "load comments~4",
    "load more~3", "loading$", "log in to comment6",
    "log in to leave a comment8", "log in$", "log out$", "login$",
    /* m */
    "main menu$", "make a donation8", "manage cookies$", "manage preferences$",
    "menu$", "more$", "my account$",
    /* n */
    "newer posts$", "news$", "newsletter$", "newsletters$", "next article~12",
    "next page$", "next post~12", "next story$", "next$", "no comments yet5",
    "no comments$", "no part of this publication may be50",
    /* o */
    "older posts$", "on this page$", "online event~40", "open in app$",
    "open menu$", "opinions expressed *not necessarily50",
    "our site uses cookies60", "our website uses cookies60",
    /* p */
    "paid content$", "photo by~10", "photo credit~12", "photo gallery$",
    "photo:~15", "photograph by~10", "photograph:~15", "photos:~15",
    "picture:~12", "pinterest$", "play video$", "please enable javascript25",
    "podcasts$", "post a comment~6", "posted by~8", "posted in~12",
    "previous article~12", "previous page$", "previous post~12",
    "previous story$", "previous$", "print this~5", "print$", "privacy notice$",
    "privacy policy$", "privacy settings$", "promoted$",
    /* r */
    "read full article$", "read more$", "read the full article$",
    "read the full story$", "reddit$", "register$", "reject all cookies$",
    "reject all$", "reply$", "report this ad4", "reporting by *editing by50",
    "reporting by~15", "required fields are marked6", "return to top$",
    "reuters$",
    /* s */
    "save article$", "save for later$", "save my name email20",
    "save this article$", "scroll down to continue8", "scroll to top$",
    "search$", "see all$", "see more$", "share on~6", "share this article~6",
    "share this page~6", "share this post~6", "share this story~6",
    "share this$", "share via~4", "share$", "share:12", "show # comments$",
    "show comments~4", "show less$", "show more$", "sign in$", "sign out$",
    "sign up *daily briefing20", "sign up *email alerts20", "sign up *free15",
    "sign up *inbox30", "sign up *newsletter30", "sign up *newsletters30",
    "sign up$", "site map$", "sitemap$", "skip navigation$", "skip to content$",
    "skip to main content$", "skip to main$", "skip to navigation$",
    "source:~10", "sponsored by~6", "sponsored content$", "sponsored$",
    "start your free trial8", "story by~8", "story continues after6",
    "story continues below6", "subscribe now6", "subscribe to *channel15",
    "subscribe to *newsletter20", "subscribe to *podcast15",
    "subscribe to continue8", "subscribe to our20", "subscribe to read8",
    "subscribe today6", "subscribe$", "support independent journalism15",
    "support our journalism15", "support our work15",
    /* t */
    "table of contents$", "tags$", "tags:~30", "tap here30", "telegram$",
    "terms and conditions$", "terms conditions$", "terms of service$",
    "terms of use$", "text size$", "thank you for subscribing12",
    "thanks for signing up12", "the opinions expressed *not necessarily50",
    "the views and opinions expressed *not necessarily50",
    "the views expressed *authors own$30",
    "the views expressed *not necessarily50", "this article has been updated12",
    "this article is for subscribers12",
    "this article was originally published20", "this is a developing story15",
    "this material may not be published30", "this site uses cookies60",
    "this story has been updated12", "this story was originally published20",
    "this website uses cookies60", "toggle menu$", "toggle navigation$",
    "topics:~30", "translated by~6", "tweet this$", "tweet$", "twitter$",
    /* v */
    "view # comments$", "view all comments$", "view all$", "view comments~4",
    "view gallery$", "view in app$", "view more$",
    "views and opinions expressed *not necessarily50",
    "views expressed *authors own$30", "views expressed *not necessarily50",
    "visit *for more information$10", "visit *to learn more$8",
    /* w */
    "watch live$", "watch now$", "watch the full12", "watch the video10",
    "watch:~25", "we use cookies60", "whatsapp$", "with files from~8",
    "with inputs from~8", "write a comment~6", "written by~6",
    /* y */
    "you must be logged in to10", "your browser does not support15",
    "your email address will not be published14", "your email address$",
    "your email$", "your privacy choices$", "your support helps us15",
    "your support keeps12", "youtube$"};

/* What a paragraph ends with. */
static const char *const ends[] = {
    /* a change here is one in ends_like_one, too */
    "all rights reserved50",
    "contributed reporting20",
    "contributed to this article25",
    "contributed to this report25",
    "contributed to this story25",
    "delivered to your inbox30",
    "getty images~10",
    "sent to your inbox30",
    "straight to your inbox30"};

const struct phrase_list phrase_labels = {labels, ARRAY_LENGTH(labels)};
const struct phrase_list phrase_starts = {phrases, ARRAY_LENGTH(phrases)};
const struct phrase_list phrase_ends = {ends, ARRAY_LENGTH(ends)};
