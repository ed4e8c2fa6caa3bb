;; A component with the least that one call can do.
(component
  (core module $main
    (func (export "add") (param $a i32) (param $b i32) (result i32)
      (i32.add (local.get $a) (local.get $b))))
  (core instance $main (instantiate $main))
  (func $add (param "a" s32) (param "b" s32) (result s32) (canon lift (core func $main "add")))
  (export "add" (func $add)))
