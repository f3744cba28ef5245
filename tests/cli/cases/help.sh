# Help leads with an example, goes to stdout and fits 80 columns.
for command in tenor tenor-train 'tenor classify' 'tenor evaluate' 'tenor info' 'tenor tokens'; do
    $command --help >help && head -n 3 help
    awk 'length($0) > 80 { print "too wide: " $0 }' help
done
tenor-train --help | grep -c -e ' --'
