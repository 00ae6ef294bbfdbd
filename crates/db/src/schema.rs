//! The tables, as Diesel sees them.
#![expect(missing_docs, reason = "columns are documented in migrations/")]

diesel::table! {
    sites (id) {
        id -> Binary,
        portal_id -> Nullable<Binary>,
        kind -> Text,
        state -> Text,
        unit_code -> Nullable<Text>,
        name -> Text,
        name_en -> Text,
        sort_key -> Binary,
        blueprint -> Text,
        valid_from -> Nullable<Date>,
        valid_to -> Nullable<Date>,
        theme -> Text,
        palette -> Text,
        logo -> Nullable<Text>,
        identity -> Text,
        licence -> Nullable<Text>,
        external_url -> Nullable<Text>,
        conversion_due -> Nullable<Date>,
        self_approval -> Bool,
        home -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        english_names -> Nullable<Text>,
    }
}

diesel::table! {
    hosts (host) {
        host -> Text,
        site_id -> Binary,
        canonical -> Bool,
    }
}

diesel::table! {
    epochs (site_id) {
        site_id -> Binary,
        epoch -> BigInt,
        touched_at -> Timestamp,
    }
}

diesel::table! {
    sections (id) {
        id -> Binary,
        site_id -> Binary,
        path -> Text,
        label -> Text,
        label_en -> Text,
        kind -> Text,
        module -> Text,
        entries -> Text,
        mandatory -> Bool,
        own -> Bool,
        rules -> Text,
        position -> Integer,
        menu -> Bool,
        visible -> Bool,
        reason -> Nullable<Text>,
        hint -> Text,
        url -> Text,
    }
}

diesel::table! {
    users (id) {
        id -> Binary,
        email -> Text,
        name -> Text,
        password -> Nullable<Text>,
        disabled -> Bool,
        created_at -> Timestamp,
    }
}

diesel::table! {
    roles (user_id, site_id, role) {
        user_id -> Binary,
        site_id -> Binary,
        role -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    sessions (token) {
        token -> Binary,
        id -> Binary,
        user_id -> Binary,
        site_id -> Binary,
        agent -> Text,
        created_at -> Timestamp,
        seen_at -> Timestamp,
    }
}

diesel::table! {
    tickets (token) {
        token -> Binary,
        purpose -> Text,
        user_id -> Binary,
        site_id -> Binary,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    failures (email) {
        email -> Text,
        count -> Integer,
        locked_until -> Nullable<Timestamp>,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    pictures (id) {
        id -> Binary,
        site_id -> Binary,
        digest -> Text,
        name -> Text,
        alt -> Text,
        source -> Text,
        width -> Integer,
        height -> Integer,
        size -> Integer,
        created_by -> Nullable<Binary>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    blobs (digest) {
        digest -> Text,
        size -> BigInt,
    }
}

diesel::table! {
    files (id) {
        id -> Binary,
        site_id -> Binary,
        digest -> Text,
        size -> BigInt,
        kind -> Text,
        name -> Text,
        title -> Text,
        plain -> Text,
        source -> Text,
        licence -> Text,
        created_by -> Nullable<Binary>,
        created_at -> Timestamp,
        sealed -> Bool,
    }
}

diesel::table! {
    media_uses (item_id, owner_kind, owner_id) {
        site_id -> Binary,
        item_id -> Binary,
        owner_kind -> Text,
        owner_id -> Binary,
        label -> Text,
        path -> Text,
        public -> Bool,
    }
}

diesel::table! {
    entries (id) {
        id -> Binary,
        site_id -> Binary,
        content_id -> Binary,
        locale -> Text,
        kind -> Text,
        section_id -> Binary,
        rank -> Integer,
        featured -> Bool,
        latest_id -> Binary,
        live_id -> Nullable<Binary>,
        published_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    editions (id) {
        id -> Binary,
        site_id -> Binary,
        entry_id -> Binary,
        number -> Integer,
        state -> Text,
        section_id -> Binary,
        slug -> Text,
        featured -> Bool,
        title -> Text,
        plain -> Text,
        summary -> Text,
        body -> Text,
        html -> Text,
        fields -> Text,
        minor -> Bool,
        author_id -> Nullable<Binary>,
        editor_id -> Nullable<Binary>,
        approver_id -> Nullable<Binary>,
        note -> Text,
        remark -> Text,
        lock -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        decided_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    addresses (site_id, path) {
        site_id -> Binary,
        path -> Text,
        entry_id -> Binary,
        current -> Bool,
    }
}

diesel::table! {
    events (id) {
        id -> Binary,
        site_id -> Binary,
        at -> Timestamp,
        user_id -> Nullable<Binary>,
        action -> Text,
        entry_id -> Nullable<Binary>,
        edition_id -> Nullable<Binary>,
        target -> Text,
        detail -> Text,
        subject -> Nullable<Binary>,
    }
}

diesel::table! {
    outbox (id) {
        id -> Binary,
        position -> Nullable<BigInt>,
        site_id -> Binary,
        topic -> Text,
        subject -> Binary,
        at -> Timestamp,
    }
}

diesel::table! {
    outbox_position (id) {
        id -> Integer,
        position -> BigInt,
    }
}

diesel::table! {
    searches (site_id, day, query) {
        site_id -> Binary,
        day -> Date,
        query -> Text,
        times -> Integer,
        found -> Integer,
        opened -> Integer,
    }
}

diesel::table! {
    searches_settled (site_id, query) {
        site_id -> Binary,
        query -> Text,
        day -> Date,
    }
}

diesel::table! {
    issuers (id) {
        id -> Binary,
        portal_id -> Binary,
        site_id -> Nullable<Binary>,
        level -> Text,
        name -> Text,
        name_en -> Text,
        abbreviation -> Text,
        name_key -> Text,
        sort_key -> Binary,
        unit_code -> Text,
        valid_from -> Nullable<Date>,
        valid_to -> Nullable<Date>,
    }
}

diesel::table! {
    issuer_successors (issuer_id, successor_id) {
        issuer_id -> Binary,
        successor_id -> Binary,
    }
}

diesel::table! {
    documents (id) {
        id -> Binary,
        site_id -> Binary,
        state -> Text,
        register -> Text,
        type_key -> Text,
        number -> Text,
        number_key -> Text,
        short_key -> Text,
        year -> Integer,
        pending -> Bool,
        issuer_id -> Binary,
        issued -> Nullable<Date>,
        effective -> Nullable<Date>,
        expiry -> Nullable<Date>,
        summary -> Text,
        plain -> Text,
        sort_key -> Binary,
        slug -> Text,
        urgency -> Text,
        internal -> Bool,
        short_procedure -> Bool,
        details -> Text,
        duplicate_reason -> Text,
        remark -> Text,
        lock -> Integer,
        author_id -> Nullable<Binary>,
        editor_id -> Nullable<Binary>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        published_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    document_texts (document_id) {
        document_id -> Binary,
        site_id -> Binary,
        articles -> Text,
        size -> Integer,
    }
}

diesel::table! {
    document_fields (document_id, field) {
        document_id -> Binary,
        site_id -> Binary,
        field -> Text,
    }
}

diesel::table! {
    document_files (document_id, file_id) {
        document_id -> Binary,
        file_id -> Binary,
        site_id -> Binary,
        position -> Integer,
        label -> Text,
        role -> Text,
    }
}

diesel::table! {
    document_addresses (site_id, slug) {
        site_id -> Binary,
        slug -> Text,
        document_id -> Binary,
    }
}

diesel::table! {
    effect_events (id) {
        id -> Binary,
        site_id -> Binary,
        document_id -> Binary,
        day -> Date,
        what -> Text,
        part -> Text,
        cause -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    relations (id) {
        id -> Binary,
        site_id -> Binary,
        from_id -> Binary,
        to_id -> Nullable<Binary>,
        to_number -> Text,
        to_key -> Text,
        kind -> Text,
        from_article -> Text,
        to_article -> Text,
        found -> Bool,
        created_at -> Timestamp,
    }
}

diesel::table! {
    document_imports (site_id, line_key) {
        site_id -> Binary,
        line_key -> Text,
        digest -> Text,
        document_id -> Binary,
    }
}

diesel::table! {
    file_texts (digest) {
        digest -> Text,
        state -> Text,
        engine -> Text,
        reason -> Text,
        lines -> Bool,
        pages -> Text,
        read_at -> Timestamp,
    }
}

diesel::table! {
    cases (id) {
        id -> Binary,
        site_id -> Binary,
        origin_site_id -> Binary,
        year -> Integer,
        number -> Integer,
        code_digest -> Binary,
        slip_digest -> Binary,
        type_key -> Text,
        area -> Text,
        state -> Text,
        channel -> Text,
        restricted -> Bool,
        suspect -> Text,
        subject -> Text,
        message -> Text,
        details -> Text,
        about -> Text,
        plain -> Text,
        assignee_id -> Nullable<Binary>,
        merged_into -> Nullable<Binary>,
        refusal -> Text,
        reason -> Text,
        agreed -> Text,
        rated -> Bool,
        reopened -> Integer,
        lock -> Integer,
        received_at -> Timestamp,
        updated_at -> Timestamp,
        answered_at -> Nullable<Timestamp>,
        closed_at -> Nullable<Timestamp>,
        reopen_until -> Nullable<Timestamp>,
        forgotten_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    case_numbers (site_id, year) {
        site_id -> Binary,
        year -> Integer,
        last -> Integer,
    }
}

diesel::table! {
    case_people (case_id) {
        case_id -> Binary,
        site_id -> Binary,
        name -> Text,
        address -> Text,
        phone -> Text,
        email -> Text,
        sealed -> Text,
        locale -> Text,
    }
}

diesel::table! {
    consent_texts (version) {
        version -> Binary,
        text -> Text,
    }
}

diesel::table! {
    case_consents (id) {
        id -> Binary,
        case_id -> Binary,
        site_id -> Binary,
        purpose -> Text,
        given -> Bool,
        version -> Binary,
        origin -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    case_messages (id) {
        id -> Binary,
        case_id -> Binary,
        site_id -> Binary,
        kind -> Text,
        user_id -> Nullable<Binary>,
        body -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    case_legs (id) {
        id -> Binary,
        case_id -> Binary,
        site_id -> Binary,
        from_site -> Nullable<Binary>,
        kind -> Text,
        reason -> Text,
        user_id -> Nullable<Binary>,
        began_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    case_answers (id) {
        id -> Binary,
        case_id -> Binary,
        site_id -> Binary,
        kind -> Text,
        stage -> Text,
        body -> Text,
        remark -> Text,
        lock -> Integer,
        author_id -> Nullable<Binary>,
        editor_id -> Nullable<Binary>,
        approver_id -> Nullable<Binary>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        sent_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    case_approvals (token) {
        token -> Binary,
        answer_id -> Binary,
        site_id -> Binary,
        user_id -> Binary,
        lock -> Integer,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    case_files (case_id, file_id) {
        case_id -> Binary,
        file_id -> Binary,
        site_id -> Binary,
        position -> Integer,
    }
}

diesel::table! {
    case_publics (case_id) {
        case_id -> Binary,
        site_id -> Binary,
        slug -> Text,
        area -> Text,
        type_key -> Text,
        title -> Text,
        question -> Text,
        answer -> Text,
        plain -> Text,
        public -> Bool,
        helpful -> Integer,
        unhelpful -> Integer,
        published_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    case_ratings (site_id, type_key, year, month, score) {
        site_id -> Binary,
        type_key -> Text,
        year -> Integer,
        month -> Integer,
        score -> Integer,
        times -> Integer,
    }
}

diesel::table! {
    case_templates (id) {
        id -> Binary,
        site_id -> Binary,
        title -> Text,
        body -> Text,
        sort_key -> Binary,
    }
}

diesel::table! {
    case_readings (id) {
        id -> Binary,
        case_id -> Binary,
        site_id -> Binary,
        user_id -> Binary,
        reason -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    case_sweeps (id) {
        id -> Binary,
        site_id -> Binary,
        number -> Text,
        step -> Text,
        files -> Integer,
        at -> Timestamp,
    }
}

diesel::table! {
    calendars (portal_id) {
        portal_id -> Binary,
        version -> Integer,
    }
}

diesel::table! {
    calendar_years (portal_id, year) {
        portal_id -> Binary,
        year -> Integer,
    }
}

diesel::table! {
    calendar_days (portal_id, day) {
        portal_id -> Binary,
        day -> Date,
        kind -> Text,
        name -> Text,
    }
}

diesel::table! {
    calendar_changes (id) {
        id -> Binary,
        portal_id -> Binary,
        at -> Timestamp,
        user_id -> Nullable<Binary>,
        action -> Text,
        day -> Date,
        kind -> Text,
        name -> Text,
        moved -> Integer,
    }
}

diesel::table! {
    clocks (id) {
        id -> Binary,
        site_id -> Binary,
        subject_kind -> Text,
        subject -> Binary,
        code -> Text,
        stage -> Text,
        bound -> Text,
        terms -> Text,
        started_at -> Timestamp,
        due_at -> Timestamp,
        due_day -> Date,
        paused_at -> Nullable<Timestamp>,
        met_at -> Nullable<Timestamp>,
        cancelled_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    clock_events (id) {
        id -> Binary,
        clock_id -> Binary,
        site_id -> Binary,
        at -> Timestamp,
        user_id -> Nullable<Binary>,
        action -> Text,
        amount -> Integer,
        unit -> Text,
        reason -> Text,
        notice -> Text,
        old_due -> Nullable<Date>,
        new_due -> Nullable<Date>,
        change_id -> Nullable<Binary>,
        from_site -> Nullable<Binary>,
    }
}

diesel::table! {
    mails (id) {
        id -> Binary,
        site_id -> Binary,
        event_key -> Text,
        recipient -> Text,
        recipient_hash -> Text,
        topic -> Text,
        sender -> Text,
        reply_to -> Text,
        subject -> Text,
        body -> Text,
        html -> Text,
        token -> Text,
        unsubscribe -> Text,
        state -> Text,
        reason -> Text,
        words -> Text,
        attempts -> Integer,
        created_at -> Timestamp,
        queued_at -> Timestamp,
        due_at -> Timestamp,
        lease_until -> Nullable<Timestamp>,
        done_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    mail_refusals (site_id, recipient_hash) {
        site_id -> Binary,
        recipient_hash -> Text,
        words -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    mail_unsubscribed (site_id, recipient_hash, topic) {
        site_id -> Binary,
        recipient_hash -> Text,
        topic -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    translations (edition_id) {
        edition_id -> Binary,
        site_id -> Binary,
        source_id -> Binary,
        pieces -> Text,
        machine -> Bool,
    }
}

diesel::table! {
    mirror_pages (site_id, content_id) {
        site_id -> Binary,
        content_id -> Binary,
        owner_id -> Nullable<Binary>,
        reminded -> Integer,
    }
}

diesel::table! {
    terms (id) {
        id -> Binary,
        site_id -> Binary,
        vi -> Text,
        plain -> Text,
        en -> Text,
        kind -> Text,
        accept -> Text,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    section_names (section_id) {
        section_id -> Binary,
        site_id -> Binary,
        label -> Text,
        slug -> Text,
    }
}

diesel::table! {
    case_scans (file_id) {
        file_id -> Binary,
        case_id -> Binary,
        site_id -> Binary,
        state -> Text,
        found -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    case_public_files (case_id, file_id) {
        case_id -> Binary,
        file_id -> Binary,
        site_id -> Binary,
    }
}

diesel::table! {
    case_supplies (id) {
        id -> Binary,
        case_id -> Binary,
        site_id -> Binary,
        answer_id -> Binary,
        file_id -> Binary,
        user_id -> Nullable<Binary>,
        created_at -> Timestamp,
        expires_at -> Nullable<Timestamp>,
        times -> Integer,
        taken_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    case_costs (case_id) {
        case_id -> Binary,
        site_id -> Binary,
        amount -> Integer,
        reason -> Text,
        user_id -> Nullable<Binary>,
        at -> Timestamp,
    }
}

diesel::joinable!(hosts -> sites (site_id));
diesel::joinable!(epochs -> sites (site_id));
diesel::joinable!(sections -> sites (site_id));
diesel::joinable!(roles -> users (user_id));
diesel::joinable!(roles -> sites (site_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(sessions -> sites (site_id));
diesel::joinable!(tickets -> users (user_id));
diesel::joinable!(tickets -> sites (site_id));
diesel::joinable!(pictures -> sites (site_id));
diesel::joinable!(pictures -> users (created_by));
diesel::joinable!(files -> sites (site_id));
diesel::joinable!(files -> users (created_by));
diesel::joinable!(files -> blobs (digest));
diesel::joinable!(media_uses -> sites (site_id));
diesel::joinable!(entries -> sites (site_id));
diesel::joinable!(entries -> sections (section_id));
diesel::joinable!(editions -> sites (site_id));
diesel::joinable!(editions -> entries (entry_id));
diesel::joinable!(editions -> sections (section_id));
diesel::joinable!(addresses -> sites (site_id));
diesel::joinable!(addresses -> entries (entry_id));
diesel::joinable!(events -> sites (site_id));
diesel::joinable!(events -> users (user_id));
diesel::joinable!(events -> entries (entry_id));
diesel::joinable!(events -> editions (edition_id));
diesel::joinable!(documents -> sites (site_id));
diesel::joinable!(documents -> issuers (issuer_id));
diesel::joinable!(document_texts -> documents (document_id));
diesel::joinable!(document_fields -> documents (document_id));
diesel::joinable!(document_files -> documents (document_id));
diesel::joinable!(document_addresses -> documents (document_id));
diesel::joinable!(effect_events -> documents (document_id));
diesel::joinable!(mails -> sites (site_id));
diesel::joinable!(section_names -> sections (section_id));
diesel::joinable!(terms -> sites (site_id));

diesel::joinable!(case_people -> cases (case_id));
diesel::joinable!(case_consents -> cases (case_id));
diesel::joinable!(case_messages -> cases (case_id));
diesel::joinable!(case_messages -> users (user_id));
diesel::joinable!(case_legs -> cases (case_id));
diesel::joinable!(case_answers -> cases (case_id));
diesel::joinable!(case_files -> cases (case_id));
diesel::joinable!(case_files -> files (file_id));
diesel::joinable!(case_publics -> cases (case_id));
diesel::joinable!(case_publics -> sites (site_id));
diesel::joinable!(case_consents -> consent_texts (version));
diesel::joinable!(case_approvals -> case_answers (answer_id));
diesel::joinable!(calendar_changes -> users (user_id));
diesel::joinable!(clocks -> sites (site_id));
diesel::joinable!(clock_events -> clocks (clock_id));
diesel::joinable!(clock_events -> users (user_id));
diesel::joinable!(clock_events -> calendar_changes (change_id));

diesel::table! {
    consultations (id) {
        id -> Binary,
        site_id -> Binary,
        document_id -> Binary,
        opens -> Date,
        closes -> Date,
        shortened -> Bool,
        purpose -> Text,
        post_to -> Text,
        contact -> Text,
        lock -> Integer,
        editor_id -> Nullable<Binary>,
        announced_at -> Nullable<Timestamp>,
        collating_at -> Nullable<Timestamp>,
        explained_at -> Nullable<Timestamp>,
        issued_at -> Nullable<Timestamp>,
        stopped_at -> Nullable<Timestamp>,
        outcome_id -> Nullable<Binary>,
        outcome_number -> Text,
        stopped_reason -> Text,
        told -> Text,
        files_public -> Bool,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    consultation_files (consultation_id, slot) {
        consultation_id -> Binary,
        slot -> Text,
        site_id -> Binary,
        file_id -> Binary,
    }
}

diesel::table! {
    consultation_rows (id) {
        id -> Binary,
        consultation_id -> Binary,
        site_id -> Binary,
        title -> Text,
        verdict -> Text,
        explanation -> Text,
        editor_id -> Nullable<Binary>,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    consultation_opinions (id) {
        id -> Binary,
        consultation_id -> Binary,
        site_id -> Binary,
        nonce -> Text,
        channel -> Text,
        article -> Text,
        label -> Text,
        passage -> Text,
        body -> Text,
        shown -> Text,
        name -> Text,
        organisation -> Text,
        show_name -> Bool,
        email -> Text,
        origin -> Text,
        state -> Text,
        reason -> Text,
        row_id -> Nullable<Binary>,
        moderator_id -> Nullable<Binary>,
        received_at -> Timestamp,
        moderated_at -> Nullable<Timestamp>,
        locale -> Text,
    }
}

diesel::table! {
    consultation_consents (id) {
        id -> Binary,
        opinion_id -> Binary,
        site_id -> Binary,
        purpose -> Text,
        version -> Text,
        words -> Text,
        subject_hash -> Text,
        origin -> Text,
        at -> Timestamp,
    }
}

diesel::joinable!(consultations -> sites (site_id));
diesel::joinable!(consultation_opinions -> consultations (consultation_id));
diesel::joinable!(consultation_rows -> consultations (consultation_id));
diesel::joinable!(consultation_files -> consultations (consultation_id));
diesel::joinable!(case_costs -> cases (case_id));
diesel::joinable!(case_public_files -> files (file_id));
diesel::joinable!(case_scans -> cases (case_id));
diesel::joinable!(case_supplies -> cases (case_id));
diesel::joinable!(case_supplies -> files (file_id));

diesel::allow_tables_to_appear_in_same_query!(
    addresses,
    blobs,
    calendar_changes,
    calendar_days,
    calendar_years,
    calendars,
    case_answers,
    case_approvals,
    case_consents,
    case_costs,
    case_files,
    case_legs,
    case_messages,
    case_numbers,
    case_people,
    case_public_files,
    case_publics,
    case_ratings,
    case_readings,
    case_scans,
    case_supplies,
    case_sweeps,
    case_templates,
    cases,
    clock_events,
    clocks,
    consent_texts,
    consultation_consents,
    consultation_files,
    consultation_opinions,
    consultation_rows,
    consultations,
    document_addresses,
    document_fields,
    document_files,
    document_imports,
    document_texts,
    documents,
    editions,
    effect_events,
    entries,
    epochs,
    events,
    failures,
    file_texts,
    files,
    hosts,
    issuer_successors,
    issuers,
    mail_refusals,
    mail_unsubscribed,
    mails,
    media_uses,
    mirror_pages,
    outbox,
    outbox_position,
    pictures,
    relations,
    roles,
    searches,
    searches_settled,
    section_names,
    sections,
    sessions,
    sites,
    terms,
    tickets,
    translations,
    users,
);
