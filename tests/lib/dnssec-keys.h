/* dnssec-keys.h: the keys of the zones in tests/fuzz/corpus/denial
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Written by tests/fuzz/make-denial.sh. */

#pragma once

/* clang-format off */
static const char *const dnssec_keys[] = {
  "nsec.test. IN DNSKEY 257 3 13 YzZirwjMmvN7jE/eAk6b7nq3/LIlIbfYKo4cP6gcSYqF5N/vk+GJyqkidmEn2SwQ9le7odm59Hw/21ZBWqAq7g==",
  "nsec3.test. IN DNSKEY 257 3 13 nAM3cHja1KHlCVJPXok8LRdbtswQLwuT7+Gq/kqxM1M1Ldk0Hsdsg0h5SB753jHrjl7cxMgnBRsmc1ySFw8+Hg==",
  "out.test. IN DNSKEY 257 3 13 saZorzUngJwj9e8UzfN9mvE6XrnHou9IHCrxfdW/6woMiiyrm/8hKASZLQRzx6bXIiu/W0razTdPz1gl+DYvZA==",
  "many.test. IN DNSKEY 257 3 13 /9qNCzfoK6JFU+nhYRGNZ2RXn4e4Zr2JKmEoUj+a93tC1y8o7fGo9ilvVh5188/DNk1OntjwyMbwBrt7sGPPHA==",
  "two.test. IN DNSKEY 257 3 13 wVscTHjTCc+Y+tM6be9XTVP4RwFnpDVtbqukHUXQ3wRCbNkq9cx8sqwgRg9zsExVL8ciaV+4vosPJceBsHgyrA==",
};
/* clang-format on */
