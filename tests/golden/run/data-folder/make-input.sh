mkdir march && mv reps.csv deals.csv march
