SELECT year, topic, name, children AS value FROM flow_counts WHERE what = 'ceased';
