# Help leads with an example, goes to stdout, fits 80 columns, names all options.
for command in tenor tenor-train 'tenor classify' 'tenor evaluate' 'tenor info' 'tenor tokens'; do
    $command --help >help && head -n 3 help
    awk 'length($0) > 80 { print "too wide: " $0 }' help
done
tenor-train --help >help
for option in output task cost class-weight ngrams char-ngrams min-df max-df \
    stem stop-words folds seed threads help quiet verbose version; do
    grep -q -e "--$option" help || echo "no word of --$option"
done
