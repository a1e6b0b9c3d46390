SELECT year, topic, name, refused AS numerator, children AS denominator FROM advocacy_counts;
