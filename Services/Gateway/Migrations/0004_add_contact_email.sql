-- Where an organisation itself is written to.
ALTER TABLE organizations
    ADD COLUMN contact_email text CHECK (char_length(contact_email) BETWEEN 3 AND 254);
