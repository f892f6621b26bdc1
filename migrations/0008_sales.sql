-- Selling: prospects, their deals, what reps do for them, and what is offered (D-04 to D-07, D-09, D-31, D-32).
CREATE TABLE leads (
    id                       uuid        PRIMARY KEY,
    company_name             text        NOT NULL CHECK (company_name <> ''),
    business_type            text
        CHECK (business_type IN ('grocery', 'cafe', 'restaurant', 'gym', 'convenience')),
    industry                 text,
    contact_name             text,                         -- contact and address: what a partner needs is asked for on winning
    contact_title            text,
    email                    citext,
    phone                    text,
    website                  text,
    email_tracking           boolean     NOT NULL DEFAULT true,
    address                  text,
    city                     text,
    state                    char(2),
    zip_code                 text,
    latitude                 double precision,
    longitude                double precision,
    source                   text        NOT NULL DEFAULT 'website'
        CHECK (source IN ('website', 'referral', 'cold_call', 'trade_show', 'linkedin', 'email_campaign')),
    source_details           text,
    sales_rep_id             uuid        REFERENCES sales_reps,  -- null while no rep is active who could be given it
    lead_score               integer     NOT NULL DEFAULT 50 CHECK (lead_score BETWEEN 0 AND 100),
    score_factors            jsonb       NOT NULL DEFAULT '{}',
    estimated_value_cents    bigint      CHECK (estimated_value_cents >= 0),  -- per year
    estimated_units          integer     CHECK (estimated_units >= 0),        -- per month
    probability              integer     NOT NULL DEFAULT 50 CHECK (probability BETWEEN 0 AND 100),
    probability_manual       integer     CHECK (probability_manual BETWEEN 0 AND 100),
    expected_close_date      date,
    products_interested      uuid[]      NOT NULL DEFAULT '{}',
    budget                   text        CHECK (budget IN ('confirmed', 'estimated', 'unknown')),
    authority                text        CHECK (authority IN ('decision_maker', 'influencer', 'gatekeeper')),
    need                     text        CHECK (need IN ('urgent', 'medium', 'exploring')),
    timeline                 text        CHECK (timeline IN ('immediate', '30_days', '90_days', 'long_term')),
    budget_detail            text,
    authority_detail         text,
    need_detail              text,
    timeline_detail          text,
    competitors              text[]      NOT NULL DEFAULT '{}',
    next_action              text,
    next_action_at           timestamptz,
    last_contact_at          timestamptz,
    demo_held_at             timestamptz,                  -- the last demo that took place
    converted_to_partner_id  uuid        REFERENCES partners,
    converted_at             timestamptz,
    lost_reason              text
        CHECK (lost_reason IN ('price', 'competitor', 'timing', 'no_budget', 'no_response', 'not_a_fit', 'other')),
    lost_details             text,
    status                   text        NOT NULL
        CHECK (status IN ('new', 'contacted', 'qualified', 'demo_scheduled', 'demo_completed', 'proposal_sent',
            'negotiation', 'closed_won', 'closed_lost')),
    status_seq               integer     NOT NULL CHECK (status_seq >= 1),
    status_since             timestamptz NOT NULL,
    created_at               timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at               timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK ((latitude IS NULL) = (longitude IS NULL)),
    CHECK (converted_at IS NULL OR converted_to_partner_id IS NOT NULL)
);
-- A rep's leads by status: lists, and the load by which new leads are shared out.
CREATE INDEX leads_rep_idx ON leads (sales_rep_id, status);
-- From a partner to the lead that it was.
CREATE INDEX leads_partner_idx ON leads (converted_to_partner_id) WHERE converted_to_partner_id IS NOT NULL;
CREATE TRIGGER leads_touch BEFORE UPDATE ON leads FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE CONSTRAINT TRIGGER leads_status_backstop
    AFTER INSERT OR UPDATE OF status, status_seq ON leads
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION workflow_backstop('lead', 'status');
CREATE TRIGGER leads_refresh_timers AFTER UPDATE OF last_contact_at ON leads FOR EACH ROW
    WHEN (OLD.last_contact_at IS DISTINCT FROM NEW.last_contact_at AND OLD.status_seq = NEW.status_seq)  -- a move derives its timers itself
    EXECUTE FUNCTION workflow_refresh_timers('lead');

CREATE TABLE deals (
    id                            uuid        PRIMARY KEY,
    name                          text        NOT NULL,
    kind                          text        NOT NULL DEFAULT 'new_business'
        CHECK (kind IN ('new_business', 'upsell', 'renewal')),
    value_cents                   bigint      NOT NULL CHECK (value_cents >= 0),  -- per year; 0: not set yet
    probability                   integer     NOT NULL DEFAULT 50 CHECK (probability BETWEEN 0 AND 100),
    probability_manual            integer     CHECK (probability_manual BETWEEN 0 AND 100),
    expected_close_date           date        NOT NULL,
    actual_close_date             date,
    sales_rep_id                  uuid        NOT NULL REFERENCES sales_reps,
    lead_id                       uuid        UNIQUE REFERENCES leads,  -- a lead has at most one deal
    partner_id                    uuid        REFERENCES partners,
    products_interested           uuid[]      NOT NULL DEFAULT '{}',
    estimated_monthly_order_cents bigint      CHECK (estimated_monthly_order_cents >= 0),
    is_qualified                  boolean     NOT NULL DEFAULT false,
    is_demo_completed             boolean     NOT NULL DEFAULT false,
    is_proposal_sent              boolean     NOT NULL DEFAULT false,
    won_reason                    text,
    lost_reason                   text
        CHECK (lost_reason IN ('price', 'competitor', 'timing', 'no_budget', 'no_response', 'not_a_fit', 'other')),
    lost_details                  text,
    commission_amount_cents       bigint,
    commission_paid               boolean     NOT NULL DEFAULT false,
    stage                         text        NOT NULL
        CHECK (stage IN ('qualification', 'needs_analysis', 'proposal', 'negotiation', 'closed_won', 'closed_lost')),
    stage_seq                     integer     NOT NULL CHECK (stage_seq >= 1),
    stage_since                   timestamptz NOT NULL,
    created_at                    timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at                    timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (kind = 'new_business' OR partner_id IS NOT NULL),
    CHECK (kind <> 'new_business' OR lead_id IS NOT NULL),
    CHECK ((stage IN ('closed_won', 'closed_lost')) = (actual_close_date IS NOT NULL))
);
-- A rep's deals by stage: the pipeline.
CREATE INDEX deals_rep_idx ON deals (sales_rep_id, stage);
-- The upsells and renewals of a partner.
CREATE INDEX deals_partner_idx ON deals (partner_id) WHERE partner_id IS NOT NULL;
CREATE TRIGGER deals_touch BEFORE UPDATE ON deals FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE CONSTRAINT TRIGGER deals_stage_backstop
    AFTER INSERT OR UPDATE OF stage, stage_seq ON deals
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION workflow_backstop('deal', 'stage');
CREATE TRIGGER deals_refresh_timers AFTER UPDATE OF expected_close_date ON deals FOR EACH ROW
    WHEN (OLD.expected_close_date IS DISTINCT FROM NEW.expected_close_date AND OLD.stage_seq = NEW.stage_seq)
    EXECUTE FUNCTION workflow_refresh_timers('deal');

-- A deal shows whether its lead has had a demo.
CREATE FUNCTION deal_shows_demo() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE deals SET is_demo_completed = NEW.demo_held_at IS NOT NULL WHERE lead_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER leads_demo_held AFTER UPDATE OF demo_held_at ON leads FOR EACH ROW
    WHEN (OLD.demo_held_at IS DISTINCT FROM NEW.demo_held_at) EXECUTE FUNCTION deal_shows_demo();

-- What a stage is worth until enough deals were closed to learn it (R-31); sample_size 0: from the table of the rule.
CREATE TABLE stage_probabilities (
    machine     text    NOT NULL CHECK (machine IN ('lead', 'deal')),
    stage       text    NOT NULL,
    probability integer NOT NULL CHECK (probability BETWEEN 0 AND 100),
    sample_size integer NOT NULL DEFAULT 0 CHECK (sample_size >= 0),
    PRIMARY KEY (machine, stage)
);
INSERT INTO stage_probabilities (machine, stage, probability) VALUES
    ('lead', 'new', 10), ('lead', 'contacted', 20), ('lead', 'qualified', 35), ('lead', 'demo_scheduled', 50),
    ('lead', 'demo_completed', 60), ('lead', 'proposal_sent', 70), ('lead', 'negotiation', 80),
    ('lead', 'closed_won', 100), ('lead', 'closed_lost', 0),
    ('deal', 'qualification', 20), ('deal', 'needs_analysis', 35), ('deal', 'proposal', 50),
    ('deal', 'negotiation', 80), ('deal', 'closed_won', 100), ('deal', 'closed_lost', 0);

CREATE TABLE proposals (
    id                   uuid        PRIMARY KEY,
    lead_id              uuid        REFERENCES leads,
    deal_id              uuid        REFERENCES deals,     -- null: a draft for a lead that has no deal yet
    partner_id           uuid        REFERENCES partners,
    sales_rep_id         uuid        NOT NULL REFERENCES sales_reps,
    version              integer     NOT NULL CHECK (version >= 1),
    tier                 text        NOT NULL CHECK (tier IN ('starter', 'growth', 'enterprise')),
    discount_bp          integer     NOT NULL CHECK (discount_bp BETWEEN 0 AND 10000),
    monthly_units        integer     NOT NULL CHECK (monthly_units >= 0),
    contract_months      integer     NOT NULL CHECK (contract_months IN (6, 12, 24)),
    payment_terms        text        NOT NULL CHECK (payment_terms IN ('NET30', 'NET60', 'prepaid')),
    special_terms        text,
    valid_until          date        NOT NULL,
    pdf_file_id          uuid        REFERENCES files,
    public_token_hash    bytea       UNIQUE,
    opening_is_automatic boolean     NOT NULL DEFAULT false,  -- whether the newest opening looks like a mail scanner's (R-30)
    sent_at              timestamptz,
    viewed_at            timestamptz,
    decided_at           timestamptz,
    signed_name          text,
    signed_at            timestamptz,
    signed_address       text,
    signed_sha256        bytea       CHECK (octet_length(signed_sha256) = 32),  -- of the PDF that was signed
    status               text        NOT NULL
        CHECK (status IN ('draft', 'sent', 'viewed', 'accepted', 'declined', 'expired')),
    status_seq           integer     NOT NULL CHECK (status_seq >= 1),
    status_since         timestamptz NOT NULL,
    created_at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (deal_id, version),
    CHECK (lead_id IS NOT NULL OR partner_id IS NOT NULL),
    CHECK (deal_id IS NOT NULL OR status IN ('draft', 'expired'))
);
-- The proposals of a lead, of a partner, and of a rep.
CREATE INDEX proposals_lead_idx ON proposals (lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX proposals_partner_idx ON proposals (partner_id) WHERE partner_id IS NOT NULL;
CREATE INDEX proposals_rep_idx ON proposals (sales_rep_id, status);
CREATE TRIGGER proposals_touch BEFORE UPDATE ON proposals FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE CONSTRAINT TRIGGER proposals_status_backstop
    AFTER INSERT OR UPDATE OF status, status_seq ON proposals
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION workflow_backstop('proposal', 'status');

CREATE TABLE proposal_items (
    proposal_id      uuid    NOT NULL REFERENCES proposals,
    line_no          integer NOT NULL CHECK (line_no >= 1),
    product_id       uuid    NOT NULL,
    unit_price_cents bigint  NOT NULL CHECK (unit_price_cents >= 0),
    monthly_units    integer CHECK (monthly_units >= 0),
    quantity_breaks  jsonb,
    PRIMARY KEY (proposal_id, line_no),
    UNIQUE (proposal_id, product_id)
);

CREATE TABLE sales_activities (
    id                 uuid        PRIMARY KEY,
    type               text        NOT NULL
        CHECK (type IN ('call', 'email', 'meeting', 'demo', 'proposal', 'note', 'task')),
    subject            text        NOT NULL,
    description        text,
    outcome            text        CHECK (outcome IN ('positive', 'neutral', 'negative', 'no_answer')),
    outcome_note       text,
    call_result        text
        CHECK (call_result IN ('no_answer', 'left_voicemail', 'spoke_positive', 'spoke_neutral', 'spoke_negative',
            'schedule_callback')),
    sales_rep_id       uuid        NOT NULL REFERENCES sales_reps,
    lead_id            uuid        REFERENCES leads,
    partner_id         uuid        REFERENCES partners,
    proposal_id        uuid        UNIQUE REFERENCES proposals,  -- the proposal whose sending it stands for
    is_personal        boolean     NOT NULL DEFAULT false,
    scheduled_at       timestamptz,
    booked_at          timestamptz,                        -- when that time was set: a reminder needs five minutes (R-23)
    completed_at       timestamptz,
    duration_minutes   integer     CHECK (duration_minutes >= 0),
    version            integer     NOT NULL DEFAULT 1 CHECK (version >= 1),
    follow_up_required boolean     NOT NULL DEFAULT false,
    follow_up_at       timestamptz,
    follow_up_note     text,
    location           text,
    latitude           double precision,
    longitude          double precision,
    meeting_kind       text        CHECK (meeting_kind IN ('phone', 'in_person', 'video')),
    agenda             text[]      NOT NULL DEFAULT '{}',
    ics_uid            text        UNIQUE,
    ics_sequence       integer     NOT NULL DEFAULT 0 CHECK (ics_sequence >= 0),
    email_sent         boolean     NOT NULL DEFAULT false,
    email_opened       boolean     NOT NULL DEFAULT false,
    email_clicked      boolean     NOT NULL DEFAULT false,
    outbound_email_id  uuid        REFERENCES outbound_emails,
    status             text        NOT NULL CHECK (status IN ('scheduled', 'missed', 'completed', 'cancelled')),
    status_seq         integer     NOT NULL CHECK (status_seq >= 1),
    status_since       timestamptz NOT NULL,
    created_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (lead_id IS NOT NULL OR partner_id IS NOT NULL OR is_personal),
    CHECK ((latitude IS NULL) = (longitude IS NULL)),
    CHECK ((scheduled_at IS NULL) = (booked_at IS NULL))
);
-- The timeline of a lead and of a partner, and a rep's calendar.
CREATE INDEX sales_activities_lead_idx ON sales_activities (lead_id, type, status) WHERE lead_id IS NOT NULL;
CREATE INDEX sales_activities_partner_idx ON sales_activities (partner_id) WHERE partner_id IS NOT NULL;
CREATE INDEX sales_activities_rep_idx ON sales_activities (sales_rep_id, scheduled_at);
CREATE TRIGGER sales_activities_touch BEFORE UPDATE ON sales_activities
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE CONSTRAINT TRIGGER sales_activities_status_backstop
    AFTER INSERT OR UPDATE OF status, status_seq ON sales_activities
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION workflow_backstop('activity', 'status');

CREATE TABLE activity_attachments (
    activity_id uuid NOT NULL REFERENCES sales_activities,
    file_id     uuid NOT NULL REFERENCES files,
    PRIMARY KEY (activity_id, file_id)
);

CREATE TABLE lead_notes (
    id           uuid        PRIMARY KEY,
    lead_id      uuid        NOT NULL REFERENCES leads,
    sales_rep_id uuid        NOT NULL REFERENCES sales_reps,
    note         text        NOT NULL,
    is_private   boolean     NOT NULL DEFAULT false,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- The notes of a lead, newest last.
CREATE INDEX lead_notes_lead_idx ON lead_notes (lead_id, created_at);
CREATE TRIGGER lead_notes_touch BEFORE UPDATE ON lead_notes FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE lead_documents (
    id          uuid        PRIMARY KEY,
    lead_id     uuid        NOT NULL REFERENCES leads,
    name        text        NOT NULL,
    type        text        NOT NULL CHECK (type IN ('proposal', 'contract', 'presentation', 'license', 'other')),
    file_id     uuid        REFERENCES files,
    proposal_id uuid        UNIQUE REFERENCES proposals,
    is_draft    boolean     NOT NULL DEFAULT false,
    uploaded_by uuid        NOT NULL REFERENCES sales_reps,
    uploaded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (file_id IS NOT NULL OR proposal_id IS NOT NULL)  -- the file of a proposal is rendered soon after
);
-- The documents of a lead.
CREATE INDEX lead_documents_lead_idx ON lead_documents (lead_id);
CREATE TRIGGER lead_documents_touch BEFORE UPDATE ON lead_documents
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- Once a proposal is rendered, its entry in the lead's documents opens the file.
CREATE FUNCTION proposal_is_rendered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE lead_documents SET file_id = NEW.pdf_file_id WHERE proposal_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER proposals_rendered AFTER UPDATE OF pdf_file_id ON proposals FOR EACH ROW
    WHEN (NEW.pdf_file_id IS NOT NULL) EXECUTE FUNCTION proposal_is_rendered();

CREATE TABLE contracts (
    id                 uuid        PRIMARY KEY,
    partner_id         uuid        NOT NULL REFERENCES partners,
    proposal_id        uuid        UNIQUE REFERENCES proposals,
    starts_on          date        NOT NULL,
    ends_on            date        NOT NULL,
    terms              jsonb       NOT NULL DEFAULT '{}',
    annual_value_cents bigint      NOT NULL CHECK (annual_value_cents >= 0),
    signed_at          timestamptz,
    signed_name        text,
    file_id            uuid        REFERENCES files,
    created_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (ends_on > starts_on),
    CHECK ((signed_at IS NULL) = (signed_name IS NULL))
);
-- The contracts of a partner, and those that end soon.
CREATE INDEX contracts_partner_idx ON contracts (partner_id);
CREATE INDEX contracts_end_idx ON contracts (ends_on);
CREATE TRIGGER contracts_touch BEFORE UPDATE ON contracts FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- States, and what their moves keep, are the engine's; the rest is edited by people.
GRANT SELECT ON leads, deals, stage_probabilities, proposals, proposal_items, sales_activities, activity_attachments,
    lead_notes, lead_documents, contracts TO drizzl_app;
GRANT UPDATE (company_name, business_type, industry, contact_name, contact_title, email, phone, website,
    email_tracking, address, city, state, zip_code, latitude, longitude, source, source_details, sales_rep_id,
    lead_score, score_factors, estimated_value_cents, estimated_units, probability_manual, expected_close_date,
    products_interested, budget, authority, need, timeline, budget_detail, authority_detail, need_detail,
    timeline_detail, competitors, next_action, next_action_at, last_contact_at) ON leads TO drizzl_app;
GRANT UPDATE (name, value_cents, probability_manual, expected_close_date, sales_rep_id, products_interested,
    estimated_monthly_order_cents) ON deals TO drizzl_app;
GRANT UPDATE (pdf_file_id, public_token_hash, opening_is_automatic) ON proposals TO drizzl_app;
GRANT UPDATE (subject, description, call_result, follow_up_required, follow_up_at, follow_up_note, location, latitude,
    longitude, meeting_kind, agenda, email_sent, email_opened, email_clicked, outbound_email_id)
    ON sales_activities TO drizzl_app;
GRANT INSERT, DELETE ON activity_attachments TO drizzl_app;
GRANT INSERT, UPDATE, DELETE ON lead_notes, lead_documents TO drizzl_app;
GRANT INSERT, UPDATE ON contracts TO drizzl_app;
GRANT INSERT, UPDATE ON leads, deals, proposals, sales_activities TO drizzl_engine;
GRANT INSERT ON proposal_items TO drizzl_engine;
GRANT UPDATE ON stage_probabilities TO drizzl_engine;
