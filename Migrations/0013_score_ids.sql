-- What an application calls a score of its own: sent again under that id, it is the same score and not a second one.

ALTER TABLE scores
    -- NULL: sent without one, or of a scorer.
    ADD COLUMN external_id text,
    ADD CONSTRAINT scores_external_id_check CHECK (char_length(external_id) BETWEEN 1 AND 200 AND external_id !~ '[[:cntrl:]]');
CREATE UNIQUE INDEX scores_external_id_key ON scores (project_id, external_id) WHERE external_id IS NOT NULL;
