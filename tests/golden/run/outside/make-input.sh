mkdir plan plan/data secret
printf 'id\nana\n' > plan/data/reps.csv
cp plan/data/reps.csv plan/reps.csv
cp plan/data/reps.csv secret/reps.csv
echo 'this is secret' > secret/file
ln -s ../../secret/file plan/data/link.csv
ln -s ../../secret/nothing plan/data/dangling.csv
ln -s ../reps.csv plan/data/near.csv
ln -s ../../secret plan/data/folder
mkfifo plan/data/pipe.csv
i=0
for source in ../secret/file ../secret/nothing data/link.csv data/dangling.csv /etc/passwd data/folder/file link.csv folder/file \
    ../../secret/file near.csv ../reps.csv ../../secret/reps.csv pipe.csv; do
    i=$((i + 1))
    sed "s|SOURCE|$source|" head > plan/p$i.attain
done
