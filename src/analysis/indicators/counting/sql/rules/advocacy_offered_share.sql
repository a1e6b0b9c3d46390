SELECT year, topic, name, offered AS numerator, children AS denominator FROM advocacy_counts;
