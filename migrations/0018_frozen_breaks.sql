-- What a proposal offers is kept when it is sent: its quantity breaks too (S-54).
GRANT UPDATE (quantity_breaks) ON proposal_items TO drizzl_engine;
