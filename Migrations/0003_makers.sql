-- What an account's address is worth, for whoever signs in with an identity provider later.

ALTER TABLE users
    -- When somebody showed that mail to the address reaches them, by a link that only such a mail (or the operator's log) has, or an
    -- identity provider vouched for it. NULL: whoever made the account may be anybody who saw its invitation's link.
    ADD COLUMN address_proven_at timestamptz;

ALTER TABLE invitations
    -- Whether the link went out by mail and was shown to nobody else.
    ADD COLUMN is_mailed boolean NOT NULL DEFAULT false;
