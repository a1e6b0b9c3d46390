-- Not by group: beside the other shares it would show numbers that are hidden there.
SELECT year, topic, name, accepted AS numerator, accepted + refused AS denominator FROM advocacy_counts WHERE topic = 'Total';
