-- ? Who would be created?
SELECT contact.email AS email, any_value(contact.name) AS name, count(*) AS mails
FROM (SELECT unnest(contacts) AS contact FROM plans WHERE outcome = 'log')
WHERE contact.action = 'create'
GROUP BY contact.email
ORDER BY mails DESC, email;

-- ? Who would be credited, and by which rule?
SELECT coalesce("user", '(nobody)') AS credited, rule, count(*) AS mails
FROM plans
GROUP BY ALL
ORDER BY mails DESC, credited, rule;

-- ? Why is mail refused?
SELECT code, count(*) AS mails, min(path) AS for_example
FROM plans
WHERE outcome = 'refuse'
GROUP BY code
ORDER BY mails DESC, code;

-- ? Who is passed over, and why?
SELECT contact.code AS code, count(*) AS people
FROM (SELECT unnest(contacts) AS contact FROM plans)
WHERE contact.action = 'skip'
GROUP BY contact.code
ORDER BY people DESC, code;

-- ? Which mails came twice, whatever their route?
SELECT keys.any_route AS key, list(path ORDER BY path) AS paths
FROM plans
WHERE keys.any_route IS NOT NULL
GROUP BY keys.any_route
HAVING count(*) > 1
ORDER BY key;

-- ? What was sent when, where the zone is known?
SELECT strftime(sent_at_utc AT TIME ZONE 'UTC', '%Y-%m') AS month, count(*) AS mails
FROM plans
WHERE sent_at_utc IS NOT NULL
GROUP BY month
ORDER BY month;
