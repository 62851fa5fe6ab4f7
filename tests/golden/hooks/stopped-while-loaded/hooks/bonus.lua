-- Many files of this kind take long enough to be interrupted: each may take its 10 million steps.
while true do end
