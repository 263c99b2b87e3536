-- A database as schema 3 was released, with one document of each kind.
BEGIN TRANSACTION;
CREATE TABLE analyses (
	id TEXT NOT NULL,
	organisation_id TEXT NOT NULL,
	interview_id TEXT NOT NULL,
	revision INTEGER NOT NULL,
	epoch INTEGER NOT NULL,
	doc TEXT NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "analyses" VALUES('i:1','acme','i',1,1,'{"engine":{"name":"test","version":"1","kind":"offline_baseline","model":null,"label":""},"outcome":"complete","reasons":[],"summary":[],"vendor_summary":null,"question_answers":[],"template_coverage":[],"topics":[],"intents":[],"sentiments":null,"strengths":[],"red_flags":[],"criteria":[],"suggestion":null,"withheld":[],"facts":[],"interviewing":[],"follow_ups":[],"related":[],"talk_time":[],"key_phrases":[],"speaker_check":null,"left_out":{"protected":[],"sentences":0,"instructions":[]},"coverage":{"claims":0,"verified":0,"rejected":0,"repaired":0,"refused_wording":0},"warnings":[],"provenance":{"model":null,"prompt_version":null,"prompt_hash":null,"parameters":{},"transcript_hash":null,"calls":[],"input_tokens":0,"output_tokens":0,"cost_usd":null,"seconds":0.0,"failed":[]},"id":"a","organisation_id":"acme","interview_id":"i","revision":1,"epoch":1,"transcript_revision":1,"template_id":null,"template_version":null,"people":[],"options":{"sentiment":true,"levels":true},"requested_by":null,"created_at":"2026-03-01T12:00:00.123000Z"}');
CREATE TABLE channels (
	id TEXT NOT NULL,
	organisation_id TEXT NOT NULL,
	enabled INTEGER NOT NULL,
	created_at BIGINT NOT NULL,
	version INTEGER NOT NULL,
	doc TEXT NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "channels" VALUES('c','acme',1,1772366400123,1,'{"id":"c","organisation_id":"acme","user_id":null,"name":"Hiring","service":"slack","url":"slack://token","topics":[],"enabled":true,"version":1,"created_by":"ann","created_at":"2026-03-01T12:00:00.123000Z","updated_at":"2026-03-01T12:00:00.123000Z"}');
CREATE TABLE connections (
	id TEXT NOT NULL,
	organisation_id TEXT NOT NULL,
	enabled INTEGER NOT NULL,
	created_at BIGINT NOT NULL,
	version INTEGER NOT NULL,
	doc TEXT NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "connections" VALUES('z','acme',1,1772366400123,1,'{"id":"z","organisation_id":"acme","kind":"zoom","name":"Meetings","secret":"token","previous_secret":null,"previous_until":null,"prefer":"audio","defaults":{"template":null,"position":null,"language":null,"tags":[]},"enabled":true,"version":1,"created_by":"ann","created_at":"2026-03-01T12:00:00.123000Z","updated_at":"2026-03-01T12:00:00.123000Z"}');
CREATE TABLE deliveries (
	id TEXT NOT NULL,
	organisation_id TEXT NOT NULL,
	interview_id TEXT,
	carrier TEXT NOT NULL,
	target_id TEXT NOT NULL,
	status TEXT NOT NULL,
	due_at BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	finished_at BIGINT,
	doc TEXT NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "deliveries" VALUES('d','acme','i','webhook','endpoint','pending',1772366400123,1772366400123,NULL,'{"id":"d","organisation_id":"acme","notice_id":"01m8acpp0tw4n3gk827thwy1mk","topic":"debrief.ready","interview_id":"i","carrier":"webhook","target_id":"endpoint","user_id":null,"payload":{},"digest_until":null,"digest_since":null,"status":"pending","attempt":0,"epoch":0,"due_at":"2026-03-01T12:00:00.123000Z","tried":[],"created_at":"2026-03-01T12:00:00.123000Z","finished_at":null}');
CREATE TABLE endpoints (
	id TEXT NOT NULL,
	organisation_id TEXT NOT NULL,
	enabled INTEGER NOT NULL,
	created_at BIGINT NOT NULL,
	version INTEGER NOT NULL,
	doc TEXT NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "endpoints" VALUES('e','acme',1,1772366400123,1,'{"id":"e","organisation_id":"acme","url":"https://example.com/hook","description":"","topics":[],"secrets":[{"value":"whsec_c2VjcmV0","created_at":"2026-03-01T12:00:00.123000Z","expires_at":null}],"enabled":true,"disabled_reason":null,"failing_since":null,"version":1,"created_by":"ann","created_at":"2026-03-01T12:00:00.123000Z","updated_at":"2026-03-01T12:00:00.123000Z"}');
CREATE TABLE inbox (
	id TEXT NOT NULL,
	organisation_id TEXT NOT NULL,
	user_id TEXT NOT NULL,
	interview_id TEXT,
	unread INTEGER NOT NULL,
	created_at BIGINT NOT NULL,
	doc TEXT NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "inbox" VALUES('n1','acme','ann','i',1,1772366400123,'{"id":"n1","organisation_id":"acme","user_id":"ann","topic":"debrief.ready","interview_id":"i","subject":"","payload":{},"digests":[],"created_at":"2026-03-01T12:00:00.123000Z","read_at":null}');
CREATE TABLE interview_tags (
	organisation_id TEXT NOT NULL,
	tag TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	interview_id TEXT NOT NULL,
	PRIMARY KEY (organisation_id, tag, created_at, interview_id),
	FOREIGN KEY(interview_id) REFERENCES interviews (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "interview_tags" VALUES('acme','senior',1772366400123,'i');
CREATE TABLE interviews (
	id TEXT NOT NULL,
	organisation_id TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	status TEXT NOT NULL,
	due_at BIGINT NOT NULL,
	outbox_at BIGINT NOT NULL,
	epoch INTEGER NOT NULL,
	version INTEGER NOT NULL,
	idempotency_key TEXT NOT NULL,
	external_id TEXT,
	candidate_folded TEXT,
	position_folded TEXT,
	listed TEXT NOT NULL,
	doc TEXT NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "interviews" VALUES('i','acme',1772366400123,1772366400123,'done',253370764800000,253370764800000,0,1,'i',NULL,'zoe',NULL,'{"id":"i","title":"Backend engineer, first round","candidate":{"name":"Zoë","email":"Zoe@Example.com","role":"unknown"},"position":null,"language":null,"scheduled_at":null,"tags":["senior"],"external_id":null,"created_at":"2026-03-01T12:00:00.123000Z","updated_at":"2026-03-01T12:00:00.123000Z","version":1,"status":"done","failure":null,"progress":null,"transcript_revision":1,"analysis_revision":1}','{"id":"i","organisation_id":"acme","title":"Backend engineer, first round","candidate":{"name":"Zoë","email":"Zoe@Example.com","role":"unknown"},"position":null,"participants":[],"language":null,"speakers_expected":2,"template":null,"scheduled_at":null,"tags":["senior"],"external_id":null,"created_by":"ann","created_at":"2026-03-01T12:00:00.123000Z","updated_at":"2026-03-01T12:00:00.123000Z","idempotency_key":"i","request_hash":"","version":1,"status":"done","epoch":0,"attempt":0,"due_at":"9999-01-01T00:00:00Z","lease_owner":null,"failure":null,"progress":null,"history":[],"outbox":[],"outbox_at":"9999-01-01T00:00:00Z","correlation_id":"c1","traceparent":null,"source":null,"pending_upload":null,"recording":null,"imported":null,"transcription":null,"transcript_revision":1,"analysis_revision":1,"analysed":null,"analysis_requested_by":null,"analysis_waits":0,"stability_revision":0,"stability_runs":0,"stability_failure":null}');
CREATE TABLE invitations (
	id TEXT NOT NULL,
	organisation_id TEXT NOT NULL,
	email TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	doc TEXT NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "invitations" VALUES('invitation','acme','bo@example.com',1772366400123,1773576000123,'{"id":"invitation","organisation_id":"acme","organisation_name":"Acme","email":"bo@example.com","role":"viewer","invited_by":"ann","created_at":"2026-03-01T12:00:00.123000Z","expires_at":"2026-03-15T12:00:00.123000Z"}');
CREATE TABLE memberships (
	id TEXT NOT NULL,
	organisation_id TEXT NOT NULL,
	user_id TEXT NOT NULL,
	role TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	doc TEXT NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "memberships" VALUES('acme:ann','acme','ann','recruiter',1772366400123,'{"id":"acme:ann","organisation_id":"acme","user_id":"ann","role":"recruiter","name":null,"email":null,"created_at":"2026-03-01T12:00:00.123000Z"}');
CREATE TABLE notices (
	id TEXT NOT NULL,
	interview_id TEXT,
	due_at BIGINT NOT NULL,
	doc TEXT NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "notices" VALUES('n','i',253370764800000,'{"id":"n","organisation_id":"acme","topic":"debrief.ready","interview_id":"i","payload":{},"created_at":"2026-03-01T12:00:00.123000Z","due_at":"9999-01-01T00:00:00Z"}');
CREATE TABLE organisations (
	id TEXT NOT NULL,
	doc TEXT NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "organisations" VALUES('acme','{"id":"acme","name":"Acmé","personal":false,"transcription":{"transcriber":"auto","when_down":"wait"},"analysis":{"analyst":"auto","when_down":"next","sentiment":true,"eu_mode":false,"levels":true,"daily_tokens":null},"visibility":"open","notifications":{"content":false,"topics":{},"scorecard_hours":48},"created_at":"2026-03-01T12:00:00.123000Z","updated_at":"2026-03-01T12:00:00.123000Z"}');
CREATE TABLE preferences (
	id TEXT NOT NULL,
	organisation_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	doc TEXT NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "preferences" VALUES('acme:ann','acme',1,'{"organisation_id":"acme","user_id":"ann","topics":{},"scope":"own","quiet_hours":null,"digest_at":"08:00:00","time_zone":"UTC","version":1}');
CREATE TABLE restoring (
	id TEXT NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE reviews (
	id TEXT NOT NULL,
	organisation_id TEXT NOT NULL,
	interview_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	doc TEXT NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "reviews" VALUES('i:1','acme','i',1,'{"id":"i:1","organisation_id":"acme","interview_id":"i","revision":1,"overrides":[],"dismissals":[],"confirmation":null,"history":[],"version":1}');
CREATE TABLE scorecard_requests (
	id TEXT NOT NULL,
	organisation_id TEXT NOT NULL,
	interview_id TEXT NOT NULL,
	user_id TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	notify_at BIGINT NOT NULL,
	version INTEGER NOT NULL,
	doc TEXT NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "scorecard_requests" VALUES('i:ann','acme','i','ann',1772366400123,1772366400123,1,'{"id":"i:ann","organisation_id":"acme","interview_id":"i","user_id":"ann","requested_by":"bo","created_at":"2026-03-01T12:00:00.123000Z","due_at":"2026-03-03T12:00:00.123000Z","told":[],"notify_at":"2026-03-01T12:00:00.123000Z","version":1}');
CREATE TABLE scorecards (
	id TEXT NOT NULL,
	organisation_id TEXT NOT NULL,
	interview_id TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	version INTEGER NOT NULL,
	doc TEXT NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "scorecards" VALUES('i:ann','acme','i',1772366400123,1,'{"id":"i:ann","organisation_id":"acme","interview_id":"i","user_id":"ann","user_name":"Ann","template":null,"status":"draft","ratings":[],"notes":"","decision":null,"earlier":[],"version":1,"created_at":"2026-03-01T12:00:00.123000Z","updated_at":"2026-03-01T12:00:00.123000Z","submitted_at":null}');
CREATE TABLE stability (
	id TEXT NOT NULL,
	organisation_id TEXT NOT NULL,
	interview_id TEXT NOT NULL,
	revision INTEGER NOT NULL,
	epoch INTEGER NOT NULL,
	doc TEXT NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "stability" VALUES('i:1','acme','i',1,1,'{"id":"s","organisation_id":"acme","interview_id":"i","revision":1,"epoch":1,"runs":3,"engine":{"name":"test","version":"1","kind":"offline_baseline","model":null,"label":""},"transcript_revision":1,"template":null,"criteria":[],"suggestions":[],"claims_kept":0.75,"provenance":{"model":null,"prompt_version":null,"prompt_hash":null,"parameters":{},"transcript_hash":null,"calls":[],"input_tokens":0,"output_tokens":0,"cost_usd":null,"seconds":0.0,"failed":[]},"created_at":"2026-03-01T12:00:00.123000Z"}');
CREATE TABLE templates (
	id TEXT NOT NULL,
	organisation_id TEXT NOT NULL,
	archived INTEGER NOT NULL,
	created_at BIGINT NOT NULL,
	version INTEGER NOT NULL,
	doc TEXT NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "templates" VALUES('engineering','acme',0,1772366400123,1,'{"id":"engineering","organisation_id":"acme","builtin":false,"archived":false,"version":1,"versions":[{"version":1,"name":"Engineering","description":"","questions":[],"criteria":[],"created_at":"2026-03-01T12:00:00.123000Z","created_by":null}],"created_at":"2026-03-01T12:00:00.123000Z","updated_at":"2026-03-01T12:00:00.123000Z"}');
CREATE TABLE tickets (
	id TEXT NOT NULL,
	expires_at BIGINT NOT NULL,
	doc TEXT NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE transcript_parts (
	transcript_id TEXT NOT NULL,
	number INTEGER NOT NULL,
	size INTEGER NOT NULL,
	doc TEXT NOT NULL,
	PRIMARY KEY (transcript_id, number),
	FOREIGN KEY(transcript_id) REFERENCES transcripts (id) ON DELETE CASCADE
);
INSERT INTO "transcript_parts" VALUES('i:1',0,2,'{"id":"u1","speaker":"s1","start":0.0,"end":2.5,"text":"Why did you choose PostgreSQL?","channel":null,"confidence":null,"edited":false,"language":null,"words":[{"text":"Why","start":0.0,"end":0.3,"confidence":null}]}
{"id":"u2","speaker":"s2","start":3.0,"end":5.0,"text":"It''s prächtig 👏.","channel":null,"confidence":null,"edited":false,"language":null,"words":[]}');
CREATE TABLE transcripts (
	id TEXT NOT NULL,
	organisation_id TEXT NOT NULL,
	interview_id TEXT NOT NULL,
	revision INTEGER NOT NULL,
	epoch INTEGER NOT NULL,
	doc TEXT NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "transcripts" VALUES('i:1','acme','i',1,1,'{"id":"t","organisation_id":"acme","interview_id":"i","revision":1,"base":null,"epoch":1,"engine":{"name":"test","version":"1","kind":"offline_baseline","model":null,"label":""},"diarization":null,"language":"en","duration":5.0,"speakers":[{"id":"s1","label":"Speaker 1","name":null,"role":"interviewer","role_confidence":0.0,"role_reason":null},{"id":"s2","label":"Speaker 2","name":"Zoë","role":"candidate","role_confidence":0.0,"role_reason":null}],"utterances":[],"warnings":[],"intelligence":null,"created_at":"2026-03-01T12:00:00.123000Z"}');
CREATE TABLE usage (
	organisation_id TEXT NOT NULL,
	day TEXT NOT NULL,
	tokens BIGINT NOT NULL,
	cost_micro_usd BIGINT NOT NULL,
	calls BIGINT NOT NULL,
	PRIMARY KEY (organisation_id, day)
)
 WITHOUT ROWID

;
INSERT INTO "usage" VALUES('acme','2026-03-01',1200,340,1);
CREATE TABLE users (
	id TEXT NOT NULL,
	identity TEXT NOT NULL,
	doc TEXT NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (identity)
);
INSERT INTO "users" VALUES('ann','nextauth:ann','{"id":"ann","identity":"nextauth:ann","email":"ann@example.com","email_verified":false,"name":null,"created_at":"2026-03-01T12:00:00.123000Z"}');
CREATE INDEX channels_enabled ON channels (organisation_id, enabled, created_at, id);
CREATE INDEX channels_newest ON channels (organisation_id, created_at, id);
CREATE INDEX endpoints_enabled ON endpoints (organisation_id, enabled, created_at, id);
CREATE INDEX endpoints_newest ON endpoints (organisation_id, created_at, id);
CREATE INDEX connections_newest ON connections (organisation_id, created_at, id);
CREATE INDEX connections_enabled ON connections (organisation_id, enabled, created_at, id);
CREATE INDEX notices_due ON notices (due_at, id);
CREATE INDEX notices_interview ON notices (interview_id);
CREATE INDEX inbox_since ON inbox (organisation_id, created_at, id);
CREATE INDEX inbox_interview ON inbox (interview_id);
CREATE INDEX inbox_unread ON inbox (organisation_id, user_id, unread, created_at, id);
CREATE INDEX inbox_newest ON inbox (organisation_id, user_id, created_at, id);
CREATE INDEX deliveries_by_carrier ON deliveries (organisation_id, carrier, created_at, id);
CREATE INDEX deliveries_by_target ON deliveries (organisation_id, target_id, created_at, id);
CREATE INDEX deliveries_interview ON deliveries (interview_id, organisation_id, created_at, id);
CREATE INDEX deliveries_newest ON deliveries (organisation_id, created_at, id);
CREATE INDEX deliveries_due ON deliveries (status, due_at);
CREATE INDEX deliveries_finished ON deliveries (finished_at);
CREATE INDEX deliveries_by_status ON deliveries (organisation_id, status, created_at, id);
CREATE INDEX scorecard_requests_interview ON scorecard_requests (interview_id, organisation_id, created_at, id);
CREATE INDEX scorecard_requests_due ON scorecard_requests (notify_at, id);
CREATE INDEX scorecard_requests_person ON scorecard_requests (organisation_id, user_id, created_at, id);
CREATE INDEX interviews_due ON interviews (due_at, status);
CREATE INDEX interviews_by_email ON interviews (organisation_id, lower(json_extract(doc, '$.candidate.email')), created_at, id, status);
CREATE UNIQUE INDEX interviews_idempotency ON interviews (organisation_id, idempotency_key);
CREATE INDEX interviews_outbox ON interviews (outbox_at);
CREATE INDEX interviews_by_external_id ON interviews (organisation_id, external_id, created_at, id, status);
CREATE INDEX interviews_newest ON interviews (organisation_id, created_at, id, status);
CREATE INDEX interviews_by_status ON interviews (organisation_id, status, created_at, id);
CREATE INDEX interviews_changed ON interviews (organisation_id, updated_at, id);
CREATE INDEX interviews_by_candidate ON interviews (organisation_id, candidate_folded, created_at, id, status);
CREATE INDEX interviews_by_position ON interviews (organisation_id, position_folded, created_at, id, status);
CREATE INDEX transcripts_interview ON transcripts (interview_id, revision);
CREATE INDEX analyses_interview ON analyses (interview_id, revision);
CREATE INDEX stability_interview ON stability (interview_id, revision);
CREATE INDEX scorecards_interview ON scorecards (interview_id, organisation_id, created_at, id);
CREATE INDEX reviews_interview ON reviews (interview_id);
CREATE INDEX templates_newest ON templates (organisation_id, archived, created_at, id);
CREATE INDEX memberships_user ON memberships (user_id, created_at, id);
CREATE INDEX memberships_role ON memberships (organisation_id, role);
CREATE INDEX memberships_newest ON memberships (organisation_id, created_at, id);
CREATE UNIQUE INDEX invitations_address ON invitations (organisation_id, email);
CREATE INDEX invitations_email ON invitations (email, created_at, id);
CREATE INDEX invitations_newest ON invitations (organisation_id, created_at, id);
CREATE INDEX tickets_expiry ON tickets (expires_at);
CREATE INDEX interview_tags_interview ON interview_tags (interview_id);
COMMIT;
PRAGMA user_version = 3;
