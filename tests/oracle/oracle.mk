# `make oracle`: exact numbers and allotments against Python's fractions; once as they are, and once with the narrow
# forms shrunk to 8 and 16 bits, so that small figures take every widening path. Needs python3.
# Then random policies on random data, paid by the program and by Python, among them such that read their own past, random policies
# that are rewritten and have to pay the same, a plan of two years over 300 payees, sessions whose rows change at random, and sums that
# 64 bits do not hold. Statistics of pay on 200 random data sets, random changes of rows against what `impact` lists, costs of
# random policies at assumed attainments, and curves against runs.
# Data with one error, which `explain --expected` and `reconcile` have to find, and pairs of payouts for `explain --against`.
.PHONY: oracle
oracle: $(BUILD)/oracle $(BUILD)/oracle-torture $(BUILD)/attain $(BUILD)/libattain.so
	python3 tests/oracle/oracle.py $(BUILD)/oracle
	python3 tests/oracle/oracle.py $(BUILD)/oracle-torture --torture --seed 7 --expressions 30000 --allotments 3000
	python3 -B tests/oracle/policies.py $(BUILD)/attain
	python3 -B tests/game/brute.py $(BUILD)/attain
	python3 -B tests/game/slopes.py $(BUILD)/attain --cases 40
	python3 -B tests/game/proof.py $(BUILD)/attain
	python3 -B tests/oracle/forms.py $(BUILD)/attain
	python3 -B tests/oracle/curves.py $(BUILD)/attain
	python3 -B tests/oracle/curves_rules.py $(BUILD)/attain
	python3 -B tests/oracle/past.py $(BUILD)/attain
	python3 -B tests/oracle/rewrites.py $(BUILD)/attain
	python3 -B tests/oracle/rhythm.py $(BUILD)/attain
	python3 -B tests/oracle/draws.py $(BUILD)/attain
	python3 -B tests/oracle/parts.py $(BUILD)/attain
	python3 -B tests/oracle/held.py $(BUILD)/attain
	python3 -B tests/oracle/people.py $(BUILD)/attain
	python3 -B tests/oracle/contests.py $(BUILD)/attain
	python3 -B tests/oracle/late.py $(BUILD)/attain
	python3 -B tests/oracle/currencies.py $(BUILD)/attain
	python3 -B tests/oracle/home.py $(BUILD)/attain
	python3 -B tests/oracle/versions.py $(BUILD)/attain
	python3 -B tests/oracle/fairness.py $(BUILD)/attain
	python3 -B tests/oracle/impact.py $(BUILD)/attain
	python3 -B tests/oracle/expected.py $(BUILD)/attain 240
	python3 -B tests/oracle/against.py $(BUILD)/attain 60
	python3 -B tests/oracle/model.py $(BUILD)/attain 60
	python3 -B tests/oracle/reconcile.py $(BUILD)/attain
	python3 -B tests/oracle/years.py $(BUILD)/attain
	python3 -B tests/oracle/sessions.py $(BUILD)/libattain.so
	python3 tests/oracle/big_sums.py $(BUILD)/attain

$(BUILD)/oracle: $(call room_objs,base) $(BUILD)/obj/tests/oracle/oracle.o
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
$(BUILD)/oracle-torture: $(wildcard src/base/*.[ch]) src/base/currencies.def tests/oracle/oracle.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -DAT_TORTURE $(LDFLAGS) -o $@ $(filter %.c,$^) $(LIBS)
