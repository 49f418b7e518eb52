-- Tenants (seed A, 1.1).
CREATE TABLE organizations (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    slug text NOT NULL CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND char_length(slug) <= 100),
    status text NOT NULL CHECK (status IN ('active', 'suspended', 'closed')),
    plan text NOT NULL CHECK (plan IN ('free', 'standard', 'enterprise')),
    settings jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object'),
    version bigint NOT NULL CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT organizations_slug_key UNIQUE (slug)
);
ALTER TABLE organizations ENABLE ROW LEVEL SECURITY;
ALTER TABLE organizations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON organizations USING (id = current_setting('app.organization_id')::uuid);
REVOKE DELETE, TRUNCATE ON organizations FROM gateway;
REVOKE ALL ON organizations FROM gateway_tenant;

-- Programmatic access keys (seed A, 12.1). A key itself is not stored, only the SHA-256 of its 256 random bits.
CREATE TABLE api_keys (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    prefix text NOT NULL CHECK (prefix ~ '^vge_[0-9A-Za-z]{8}$'),
    key_hash bytea NOT NULL CHECK (octet_length(key_hash) = 32),
    scopes text[] NOT NULL CHECK (cardinality(scopes) >= 1),
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz,
    created_at timestamptz NOT NULL,
    CONSTRAINT api_keys_prefix_key UNIQUE (prefix),
    CONSTRAINT api_keys_known_scopes CHECK (
        scopes <@ ARRAY[
            'events:read', 'events:write', 'checkouts:write', 'orders:read', 'orders:refund', 'scans:write',
            'webhooks:manage', 'reports:read', 'ledger:read', 'audit:read'
        ]
    )
) WITH (fillfactor = 80);
CREATE INDEX api_keys_organization ON api_keys (organization_id, id);
ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON api_keys USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE DELETE, TRUNCATE ON api_keys FROM gateway;
REVOKE ALL ON api_keys FROM gateway_tenant;

-- Limits other than the default (seed A, 12.3).
CREATE TABLE rate_limit_rules (
    api_key_id uuid PRIMARY KEY REFERENCES api_keys (id),
    organization_id uuid NOT NULL REFERENCES organizations (id),
    requests_per_second integer NOT NULL CHECK (requests_per_second BETWEEN 1 AND 100000),
    created_at timestamptz NOT NULL
);
ALTER TABLE rate_limit_rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE rate_limit_rules FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON rate_limit_rules USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE ALL ON rate_limit_rules FROM gateway_tenant;
