# What turns the direction of writing doesn't reach the terminal; the words stay.
printf 'The team \342\200\256won\342\200\254 and \342\201\247scored\342\201\251.\n' >news.txt
tenor classify -m news.tenor news.txt
tenor classify -m news.tenor -f jsonl news.txt | grep -c "$(printf '\342\200\256won')"
