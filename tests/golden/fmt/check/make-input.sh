attain fmt < f.attain > g.attain
