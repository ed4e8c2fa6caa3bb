;; A component that makes texts fit for addresses: letters and digits stay, in lower case, and everything between them
;; becomes one hyphen.
(component
  (core module $main
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))

    ;; Memory is given out from the bottom up, and never taken back: an instance serves one call.
    (func (export "realloc") (param $old i32) (param $size i32) (param $align i32) (param $new-size i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
      (global.set $next (i32.add (local.get $at) (local.get $new-size)))
      (if (i32.gt_u (global.get $next) (i32.mul (memory.size) (i32.const 65536)))
        (then
          (if (i32.eq (memory.grow (i32.add (i32.const 1) (i32.div_u (local.get $new-size) (i32.const 65536)))) (i32.const -1))
            (then (unreachable)))))
      (memory.copy (local.get $at) (local.get $old) (local.get $size))
      (local.get $at))

    ;; Works in place: a slug is never longer than its text. The result's place and length are at 8.
    (func (export "slugify") (param $text i32) (param $length i32) (result i32)
      (local $from i32) (local $to i32) (local $byte i32) (local $gap i32)
      (block $done
        (loop $each
          (br_if $done (i32.ge_u (local.get $from) (local.get $length)))
          (local.set $byte (i32.load8_u (i32.add (local.get $text) (local.get $from))))
          (local.set $from (i32.add (local.get $from) (i32.const 1)))
          ;; Capitals to small letters.
          (if (i32.lt_u (i32.sub (local.get $byte) (i32.const 65)) (i32.const 26))
            (then (local.set $byte (i32.add (local.get $byte) (i32.const 32)))))
          (if (i32.or (i32.lt_u (i32.sub (local.get $byte) (i32.const 97)) (i32.const 26)) (i32.lt_u (i32.sub (local.get $byte) (i32.const 48)) (i32.const 10)))
            (then
              (if (i32.and (local.get $gap) (i32.gt_u (local.get $to) (i32.const 0)))
                (then
                  (i32.store8 (i32.add (local.get $text) (local.get $to)) (i32.const 45))
                  (local.set $to (i32.add (local.get $to) (i32.const 1)))))
              (local.set $gap (i32.const 0))
              (i32.store8 (i32.add (local.get $text) (local.get $to)) (local.get $byte))
              (local.set $to (i32.add (local.get $to) (i32.const 1))))
            (else (local.set $gap (i32.const 1))))
          (br $each)))
      (i32.store (i32.const 8) (local.get $text))
      (i32.store (i32.const 12) (local.get $to))
      (i32.const 8)))
  (core instance $main (instantiate $main))
  (func $slugify (param "text" string) (result string)
    (canon lift (core func $main "slugify") (memory (core memory $main "memory")) (realloc (core func $main "realloc"))))
  (instance $exports (export "slugify" (func $slugify)))
  (export "acme:text/slugify@1.0.0" (instance $exports)))
