public import Database

extension Queue {
    /// Becomes, or stays, the leader of `name`, by the database's clock.
    ///
    /// A new holder begins a new term. Nobody takes a term from a holder before it has run out.
    ///
    /// - Parameters:
    ///   - name: What is led.
    ///   - holder: A random number for this life of the process.
    ///   - term: How long to lead, unless renewed.
    /// - Returns: A statement giving `term`, or nothing while somebody else leads.
    public static func lead(_ name: String, holder: Int64, for term: Duration) -> SQL {
        """
        INSERT INTO queue.leader AS l (name, holder, term, expires_at)
        VALUES (\(name), \(holder), 1, clock_timestamp() + \(interval(term)))
        ON CONFLICT (name) DO UPDATE
        SET holder = excluded.holder,
            term = CASE WHEN l.holder = excluded.holder THEN l.term ELSE l.term + 1 END,
            expires_at = excluded.expires_at
        WHERE l.holder = excluded.holder OR l.expires_at < clock_timestamp()
        RETURNING term
        """
    }

    /// Gives leadership up, so that the next one need not wait.
    ///
    /// Does nothing when somebody else leads.
    ///
    /// The row stays, for terms only grow.
    ///
    /// - Parameters:
    ///   - name: What is led.
    ///   - holder: Who led.
    /// - Returns: A statement without rows.
    public static func stepDown(_ name: String, holder: Int64) -> SQL {
        """
        UPDATE queue.leader
        SET expires_at = '-infinity'
        WHERE name = \(name) AND holder = \(holder)
        """
    }
}
