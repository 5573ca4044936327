#pragma once

#include "ports/alerts_contract.hpp"
#include "ports/committer_contract.hpp"
#include "ports/evidence_contract.hpp"
#include "ports/journal_contract.hpp"
#include "ports/outbox_contract.hpp"
#include "ports/records_contract.hpp"
#include "ports/sites_contract.hpp"
#include "ports/store_admin_contract.hpp"

/// Runs the suite of every role over the store of a harness.
#define YIHONG_STORE_CONTRACTS(name, Harness)                                                                                              \
    INSTANTIATE_TYPED_TEST_SUITE_P(name, RecordsContract, Harness);                                                                        \
    INSTANTIATE_TYPED_TEST_SUITE_P(name, EvidenceContract, Harness);                                                                       \
    INSTANTIATE_TYPED_TEST_SUITE_P(name, OutboxContract, Harness);                                                                         \
    INSTANTIATE_TYPED_TEST_SUITE_P(name, JournalContract, Harness);                                                                        \
    INSTANTIATE_TYPED_TEST_SUITE_P(name, AlertsContract, Harness);                                                                         \
    INSTANTIATE_TYPED_TEST_SUITE_P(name, SitesContract, Harness);                                                                          \
    INSTANTIATE_TYPED_TEST_SUITE_P(name, CommitterContract, Harness);                                                                      \
    INSTANTIATE_TYPED_TEST_SUITE_P(name, StoreAdminContract, Harness)
